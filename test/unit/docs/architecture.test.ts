import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const pages = ['docs/architecture.md', 'CONTRIBUTING.md'];

function textOf(page: string): string {
  return readFileSync(new URL(page, root), 'utf8');
}

describe.each(pages)('%s', (page) => {
  it('names only files and folders that exist', () => {
    const named = Array.from(
      textOf(page).matchAll(
        /\b(?:functions|lib|connectly-events|cli|local|resources|test|bench|docs)\/[\w./-]*\w/g,
      ),
      ([path]) => path,
    ).filter((path) => !/NAME|WORD|\bx$/.test(path));

    const missing = named.filter((path) => !existsSync(new URL(path, root)));

    expect(named.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('names only scripts of package.json', () => {
    const { scripts } = JSON.parse(textOf('package.json'));
    const named = Array.from(textOf(page).matchAll(/npm run ([\w:]+)/g), ([, name]) => name);

    const missing = named.filter((name) => !Object.hasOwn(scripts, String(name)));

    expect(named.length).toBeGreaterThan(1);
    expect(missing).toEqual([]);
  });
});

describe('The map of folders in docs/architecture.md', () => {
  it('has every folder of lib', () => {
    const folders = readdirSync(new URL('lib', root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `lib/${name}`);

    const page = textOf('docs/architecture.md');

    expect(folders.filter((folder) => !page.includes(`\`${folder}/\``))).toEqual([]);
  });
});
