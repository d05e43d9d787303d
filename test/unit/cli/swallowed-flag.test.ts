import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../cli/program.ts';

/** Only as far as what was typed makes sense: no command can run, for want of a context. */
async function problemOf(...argv: string[]): Promise<string> {
  const program = createProgram({
    version: '',
    argv,
    makeContext: () => {
      throw new Error('would run');
    },
  });
  return program.parseAsync(argv, { from: 'user' }).then(
    () => 'none',
    (error: unknown) => String(error),
  );
}

const send = ['send', 'text', '--to', '+15550001234'];

describe('an option without its value', () => {
  it.each([
    ['a flag of every command', [...send, '--text', '--yes', '--dry-run'], '--text=--yes'],
    ['a flag of its own', [...send, '--text', '--dry-run'], '--text=--dry-run'],
    ['an option with a value', [...send, '--text', '--id', 'x'], '--text=--id'],
    ['one whose value is in the same word', [...send, '--text', '--stage=prod'], '--text=--stage=prod'],
    ['the help', [...send, '--text', '--help'], '--text=--help'],
    ['the mark before operands', ['bulk', '--template', '--', 'f.csv'], '--template=--'],
    ['a flag of a whole file', ['bulk', 'f.csv', '--campaign', '--dry-run'], '--campaign=--dry-run'],
    ['a flag behind a global option', ['status', '--stage', '--json'], '--stage=--json'],
    ['a flag behind one before the command', ['--stage', '--json', 'status'], '--stage=--json'],
  ])('does not take %s for it', async (_, argv, remedy) => {
    expect(await problemOf(...argv)).toContain(remedy);
  });

  it.each([
    ['is said so', [...send, '--text=--yes']],
    ['is no flag of this command', [...send, '--text', '--no-such-flag']],
    ['has more words', [...send, '--text', '--yes or no']],
    ['is an operand', ['verify', 'f', '--signature', 'x', '--', '--stage', '--json']],
  ])('has one that looks like a flag when it %s', async (_, argv) => {
    expect(await problemOf(...argv)).toContain('would run');
  });
});
