import { Buffer } from 'node:buffer';
import type { StackTemplate } from './stack-template.ts';
import { TemplateError } from './template-error.ts';

/** Where an evaluator gets the values that are not in the expression itself. */
export interface Scope {
  /** A resource's or parameter's `Ref`. Throws when there is none. */
  ref(name: string, at: string): unknown;
  getAtt(logicalId: string, attribute: string, at: string): unknown;
  readonly mappings: StackTemplate['Mappings'];
  readonly conditions: StackTemplate['Conditions'];
}

/** What `AWS::NoValue` evaluates to: the property or list entry that holds it is left out. */
const noValue = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, at: string) => unknown;

/** Evaluates CloudFormation's intrinsic functions. Whatever it does not know is a `TemplateError`. */
export class Evaluator {
  readonly #scope: Scope;
  readonly #conditions = new Map<string, boolean | 'running'>();
  readonly #functions: Readonly<Record<string, Intrinsic>>;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#functions = {
      Ref: (argument, at) => this.#ref(argument, at),
      'Fn::GetAtt': (argument, at) => this.#getAtt(argument, at),
      'Fn::Sub': (argument, at) => this.#sub(argument, at),
      'Fn::Join': (argument, at) => this.#join(argument, at),
      'Fn::Select': (argument, at) => this.#select(argument, at),
      'Fn::Split': (argument, at) => this.#split(argument, at),
      'Fn::If': (argument, at) => this.#if(argument, at),
      'Fn::FindInMap': (argument, at) => this.#findInMap(argument, at),
      'Fn::Base64': (argument, at) => Buffer.from(this.text(argument, at)).toString('base64'),
      'Fn::ImportValue': (_argument, at) => {
        throw new TemplateError(at, 'takes a value from another stack, and there is only this one locally');
      },
    };
  }

  /** The value of an expression; undefined when it is `AWS::NoValue`. */
  value(expression: unknown, at: string): unknown {
    const value = this.#evaluate(expression, at);
    return value === noValue ? undefined : value;
  }

  /** The value of an expression that has to be text; numbers and booleans become text, as in CloudFormation. */
  text(expression: unknown, at: string): string {
    const value = this.#evaluate(expression, at);
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new TemplateError(at, 'should be text');
  }

  condition(name: string, at: string): boolean {
    const known = this.#conditions.get(name);
    if (known === 'running') throw new TemplateError(at, `condition ${name} depends on itself`);
    if (known !== undefined) return known;
    const conditions = this.#scope.conditions ?? {};
    const expression = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
    if (expression === undefined) throw new TemplateError(at, `there is no condition ${name}`);
    this.#conditions.set(name, 'running');
    const holds = this.#holds(expression, `Conditions.${name}`);
    this.#conditions.set(name, holds);
    return holds;
  }

  #evaluate(expression: unknown, at: string): unknown {
    if (typeof expression === 'string') {
      if (expression.includes('{{resolve:'))
        throw new TemplateError(at, 'is a dynamic reference ({{resolve:...}}), which only AWS can resolve');
      return expression;
    }
    if (typeof expression !== 'object' || expression === null) return expression;
    if (Array.isArray(expression)) return this.#list(expression, at);
    const entries: [string, unknown][] = Object.entries(expression);
    const intrinsic = entries.find(([key]) => key === 'Ref' || key.startsWith('Fn::'));
    if (!intrinsic) return this.#record(entries, at);
    const [name, argument] = intrinsic;
    if (entries.length > 1) throw new TemplateError(at, `${name} must stand alone`);
    const evaluate = this.#functions[name];
    if (!evaluate) throw new TemplateError(at, `${name} is not understood here`);
    return evaluate(argument, at);
  }

  #list(list: readonly unknown[], at: string): unknown[] {
    return list
      .map((entry, index) => this.#evaluate(entry, `${at}.${index}`))
      .filter((entry) => entry !== noValue);
  }

  #record(entries: readonly [string, unknown][], at: string): Record<string, unknown> {
    return Object.fromEntries(
      entries
        .map(([key, entry]): [string, unknown] => [key, this.#evaluate(entry, `${at}.${key}`)])
        .filter(([, entry]) => entry !== noValue),
    );
  }

  #ref(argument: unknown, at: string): unknown {
    if (typeof argument !== 'string') throw new TemplateError(at, 'Ref takes a name');
    return argument === 'AWS::NoValue' ? noValue : this.#scope.ref(argument, at);
  }

  #getAtt(argument: unknown, at: string): unknown {
    const parts: unknown[] =
      typeof argument === 'string' ? splitOnce(argument) : Array.isArray(argument) ? argument : [];
    const [logicalId, attribute, ...rest] = parts;
    if (typeof logicalId !== 'string' || attribute === undefined || rest.length > 0)
      throw new TemplateError(at, 'Fn::GetAtt takes a logical id and an attribute');
    return this.#scope.getAtt(logicalId, this.text(attribute, at), at);
  }

  #sub(argument: unknown, at: string): string {
    const [template, variables] = Array.isArray(argument)
      ? tuple(argument, 2, 'Fn::Sub', at)
      : [argument, {}];
    if (typeof template !== 'string' || typeof variables !== 'object' || variables === null)
      throw new TemplateError(at, 'Fn::Sub takes a text, or a text and its variables');
    const own = new Map(Object.entries(variables));
    return template.replaceAll(/\$\{(!?)([^}]*)\}/g, (_match, escape: string, written: string) => {
      if (escape) return `\${${written}}`;
      const name = written.trim();
      if (own.has(name)) return this.text(own.get(name), `${at}.${name}`);
      const expression = name.includes('.') ? { 'Fn::GetAtt': splitOnce(name) } : { Ref: name };
      return this.text(expression, at);
    });
  }

  #join(argument: unknown, at: string): string {
    const [separator, list] = tuple(argument, 2, 'Fn::Join', at);
    if (typeof separator !== 'string') throw new TemplateError(at, 'Fn::Join takes a text to put in between');
    return this.#asList(list, at)
      .map((entry, index) => this.text(entry, `${at}.${index}`))
      .join(separator);
  }

  #select(argument: unknown, at: string): unknown {
    const [index, list] = tuple(argument, 2, 'Fn::Select', at);
    const place = Number(this.text(index, at));
    const entry = this.#asList(list, at)[place];
    if (entry === undefined) throw new TemplateError(at, `Fn::Select finds nothing at index ${place}`);
    return entry;
  }

  #split(argument: unknown, at: string): string[] {
    const [separator, text] = tuple(argument, 2, 'Fn::Split', at);
    return this.text(text, at).split(this.text(separator, at));
  }

  #if(argument: unknown, at: string): unknown {
    const [condition, then, otherwise] = tuple(argument, 3, 'Fn::If', at);
    if (typeof condition !== 'string') throw new TemplateError(at, 'Fn::If takes the name of a condition');
    return this.#evaluate(this.condition(condition, at) ? then : otherwise, at);
  }

  #findInMap(argument: unknown, at: string): unknown {
    const path = tuple(argument, 3, 'Fn::FindInMap', at).map((part) => this.text(part, at));
    let found: unknown = this.#scope.mappings;
    for (const part of path)
      found =
        typeof found === 'object' && found !== null ? new Map(Object.entries(found)).get(part) : undefined;
    if (found === undefined) throw new TemplateError(at, `Fn::FindInMap finds nothing at ${path.join('.')}`);
    return found;
  }

  #asList(list: unknown, at: string): unknown[] {
    const value = this.#evaluate(list, at);
    if (!Array.isArray(value)) throw new TemplateError(at, 'should be a list');
    return value;
  }

  #holds(expression: unknown, at: string): boolean {
    const entries: [string, unknown][] =
      typeof expression === 'object' && expression !== null ? Object.entries(expression) : [];
    const [entry, ...more] = entries;
    if (!entry || more.length > 0) throw new TemplateError(at, 'is not a condition');
    const [name, argument] = entry;
    const parts: unknown[] = Array.isArray(argument) ? argument : [argument];
    switch (name) {
      case 'Condition':
        return this.condition(this.text(argument, at), at);
      case 'Fn::Equals': {
        const [one, other] = tuple(argument, 2, name, at).map((part) => comparable(this.value(part, at)));
        return one === other;
      }
      case 'Fn::And':
        return parts.every((part) => this.#holds(part, at));
      case 'Fn::Or':
        return parts.some((part) => this.#holds(part, at));
      case 'Fn::Not':
        return !this.#holds(tuple(argument, 1, name, at)[0], at);
      default:
        throw new TemplateError(at, `${name} is not understood in a condition`);
    }
  }
}

function tuple(argument: unknown, length: number, name: string, at: string): unknown[] {
  if (!Array.isArray(argument) || argument.length !== length)
    throw new TemplateError(at, `${name} takes ${length} argument${length === 1 ? '' : 's'} here`);
  return argument;
}

/** Only the first dot counts: `Outputs.Name` is an attribute's name. */
function splitOnce(text: string): string[] {
  const dot = text.indexOf('.');
  return dot === -1 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** Texts and numbers that read the same are equal to CloudFormation. */
function comparable(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
