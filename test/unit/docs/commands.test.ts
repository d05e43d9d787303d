import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describedProgram } from '../../../cli/program.ts';

const root = new URL('../../../', import.meta.url);
const program = await describedProgram();
const workflow = 'examples/github/deploy.yml';
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  workflow,
  ...readdirSync(new URL('docs', root)).map((page) => `docs/${page}`),
];

/** The words of the commands in a text that begin as told, each up to where its own words end. */
function commandsIn(text: string, beginning: string): string[][] {
  const pattern = new RegExp(`\\b${beginning} ((?:'[^']*'|"[^"]*"|\\\\\\n|[^\\n\`'"|;&><#)])*)`, 'g');
  return Array.from(text.matchAll(pattern), ([, rest = '']) =>
    Array.from(rest.matchAll(/(?:'[^']*'|"[^"]*"|[^\s\\'"])+/g), ([word]) => word),
  );
}

/** What `relay` would not understand, in words; undefined when that is nothing. */
function problemOf(words: readonly string[]): string | undefined {
  let command: Command = program;
  const options = new Set(program.options.map(({ long }) => long));
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    const [name = ''] = word.split(/[=,.:]/);
    if (next !== undefined) {
      command = next;
      for (const { long } of next.options) options.add(long);
    } else if (name.startsWith('--') && !options.has(name) && !['--help', '--version'].includes(name))
      return `relay ${words.join(' ')}: there is no ${name}`;
    else if (command === program && /^[a-z]/.test(word)) return `relay ${word}: there is no such command`;
  }
  return undefined;
}

/** What osls says of itself. */
const serverless: Map<string, { options: object }> = createRequire(import.meta.url)(
  'serverless/lib/cli/commands-schema/aws-service',
);
/** Of the framework that osls comes from. */
const elsewhere = new Set(['login']);

describe.each(pages)('%s', (page) => {
  const text = readFileSync(new URL(page, root), 'utf8');

  it('names only commands of relay that there are', () => {
    const problems = commandsIn(text, 'npx relay').map((words) => problemOf(words));

    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it('names only commands and options that serverless has', () => {
    const problems = commandsIn(text, 'npx serverless').filter(([word = '', ...rest]) => {
      const options = Object.keys(serverless.get(word)?.options ?? {});
      const named = rest.filter((each) => each.startsWith('--')).map((each) => each.slice(2).split('=')[0]);
      return (
        !(serverless.has(word) || elsewhere.has(word)) || named.some((name) => !options.includes(name ?? ''))
      );
    });

    expect(problems).toEqual([]);
  });

  it('names only scripts of package.json', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

    const missing = commandsIn(text, 'npm run').filter(
      ([name = '']) => /^[a-z]/.test(name) && !(name in scripts),
    );

    expect(missing).toEqual([]);
  });
});

describe('Commands that there are not', () => {
  it.each([
    ['npx relay doctr --stage dev', 'relay doctr: there is no such command'],
    ['npx relay dlq redrive --stgae dev', 'relay dlq redrive --stgae dev: there is no --stgae'],
    ["npx relay send text --to +1 --text '--not-an-option' --folow", 'there is no --folow'],
  ])('are noticed: %s', (text, expected) => {
    const [problem] = commandsIn(text, 'npx relay').map((words) => problemOf(words));

    expect(problem).toContain(expected);
  });
});

describe('The workflow that deploys', () => {
  const { jobs, permissions, concurrency } = parse(readFileSync(new URL(workflow, root), 'utf8'));

  it('lets no job ask for a token but the one that deploys, whose environment approves', () => {
    expect(permissions).toEqual({});
    expect(jobs.test.permissions).toEqual({ contents: 'read' });
    expect(jobs.deploy.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(jobs.deploy.environment).toBe("${{ inputs.stage || 'dev' }}");
  });

  it('breaks no deployment off', () => {
    expect(concurrency['cancel-in-progress']).toBe(false);
  });

  it('deploys what was tested and is on main, and ends with the checks of the doctor', () => {
    const run = jobs.deploy.steps.map(({ run: command }: { run?: string }) => command).filter(Boolean);
    const refs = [jobs.test, jobs.deploy].map(({ steps }) => steps[0].with.ref);

    expect(jobs.deploy.needs).toBe('test');
    expect(new Set(refs).size).toBe(1);
    expect(run).toEqual([
      'git merge-base --is-ancestor HEAD origin/main',
      'npm ci',
      'npx relay preflight --stage "$STAGE"',
      'npx serverless deploy --stage "$STAGE"',
      'npx relay doctor --stage "$STAGE" --json',
    ]);
  });
});
