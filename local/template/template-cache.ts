import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Enough for a few stages and for going back and forth between two versions of a file. */
const entriesKept = 8;

/** A folder of packaged templates, one JSON file per key. Several processes may use it at once. */
export class TemplateCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The cached template, or undefined when there is none or its file is damaged. */
  async read(key: string): Promise<unknown> {
    const file = this.#file(key);
    try {
      const template: unknown = JSON.parse(await readFile(file, 'utf8'));
      const now = new Date();
      await utimes(file, now, now);
      return template;
    } catch {
      return undefined;
    }
  }

  /** Written beside its place and renamed, so that nobody ever reads half of it; then the oldest are removed. */
  async write(key: string, template: unknown): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const draft = join(this.#directory, `${key}.${randomUUID()}.draft`);
    try {
      await writeFile(draft, JSON.stringify(template, null, 2));
      await rename(draft, this.#file(key));
    } finally {
      await rm(draft, { force: true });
    }
    await this.#removeOldest();
  }

  #file(key: string): string {
    return join(this.#directory, `${key}.json`);
  }

  async #removeOldest(): Promise<void> {
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith('.json'));
    const entries = await Promise.all(
      names.map(async (name) => {
        const file = join(this.#directory, name);
        const usedAt = (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
        return { file, usedAt };
      }),
    );
    const outdated = entries.toSorted((one, other) => other.usedAt - one.usedAt).slice(entriesKept);
    await Promise.all(outdated.map(({ file }) => rm(file, { force: true })));
  }
}
