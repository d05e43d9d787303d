import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(new URL('docs', root)).map((page) => `docs/${page}`),
];

function textOf(page: URL): string {
  return readFileSync(page, 'utf8').replaceAll(/^```.*?^```/gms, '');
}

/** The names that GitHub gives the headings of a page. */
function anchorsOf(page: URL): string[] {
  return Array.from(textOf(page).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(text: string, page: URL): string[] {
  const links = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link);
  return links
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => {
      const target = new URL(link, page);
      const anchor = target.hash.slice(1);
      target.hash = '';
      return !existsSync(target) || (anchor !== '' && !anchorsOf(target).includes(anchor));
    });
}

describe('A link', () => {
  it.each(pages)('leads to a file and a heading that there are, in %s', (page) => {
    const url = new URL(page, root);

    const broken = brokenLinks(textOf(url), url);

    expect(broken).toEqual([]);
  });

  it.each(['docs/nothing.md', 'docs/deploy.md#nothing', '#nothing'])('to %s would be noticed', (link) => {
    const broken = brokenLinks(
      `[text](${link}) and [text](docs/deploy.md#5-deploy)`,
      new URL('README.md', root),
    );

    expect(broken).toEqual([link]);
  });
});
