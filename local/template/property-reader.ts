import { TemplateError } from './template-error.ts';

/** Reads evaluated properties one by one, and says where when one is not what it should be. */
export class PropertyReader {
  readonly at: string;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: Readonly<Record<string, unknown>>, at: string) {
    this.#values = new Map(Object.entries(values));
    this.at = at;
  }

  names(): string[] {
    return [...this.#values.keys()];
  }

  /** Refuses properties with other names: what nobody reads must not go unnoticed. */
  only(...known: string[]): this {
    const unknown = this.names().find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new TemplateError(`${this.at}.${unknown}`, 'is not understood by the local stack');
    return this;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Numbers and booleans become text, as in CloudFormation. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.#wrong(name, 'text');
  }

  requiredText(name: string): string {
    return this.#required(name, this.text(name));
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(text)) throw this.#wrong(name, 'a whole number');
    return Number(text);
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text !== 'true' && text !== 'false') throw this.#wrong(name, 'true or false');
    return text === 'true';
  }

  texts(name: string): string[] {
    return this.list(name).map((entry, index) => {
      if (typeof entry !== 'string') throw this.#wrong(`${name}.${index}`, 'text');
      return entry;
    });
  }

  list(name: string): unknown[] {
    const value = this.#values.get(name) ?? [];
    if (!Array.isArray(value)) throw this.#wrong(name, 'a list');
    return value;
  }

  /** A nested object's own reader; an absent object has no properties. */
  object(name: string): PropertyReader {
    return readerOf(this.#values.get(name) ?? {}, `${this.at}.${name}`);
  }

  /** A list of objects, each with its own reader. */
  objects(name: string): PropertyReader[] {
    return this.list(name).map((entry, index) => readerOf(entry, `${this.at}.${name}.${index}`));
  }

  /** Every value, unread. */
  all(): Record<string, unknown> {
    return Object.fromEntries(this.#values);
  }

  #required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw new TemplateError(`${this.at}.${name}`, 'is missing');
    return value;
  }

  #wrong(name: string, wanted: string): TemplateError {
    return new TemplateError(`${this.at}.${name}`, `should be ${wanted}`);
  }
}

function readerOf(value: unknown, at: string): PropertyReader {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TemplateError(at, 'should be an object');
  return new PropertyReader(Object.fromEntries(Object.entries(value)), at);
}
