import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completion } from '../../../cli/completion/completion.ts';
import { explain } from '../../../cli/explain/explain.ts';
import { schema } from '../../../cli/schema/schema.ts';
import { validate } from '../../../cli/validate/validate.ts';
import { verify } from '../../../cli/verify/verify.ts';
import { parseMessage } from '../../../lib/message/parse.ts';
import { sign } from '../../../lib/webhook/signature.ts';
import { emptyProject, type ProjectCopy } from '../../support/project-copy.ts';
import { asTyped, relay, relayWith } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

const secret = 'canary-webhook-secret';
const number = '+15550001234';
const text = 'canary text';

let project: ProjectCopy;

beforeAll(async () => {
  project = await emptyProject();
});

afterAll(() => project.remove());

describe('relay explain', { timeout: patienceMs }, () => {
  it('explains a code in words', async () => {
    const { exitCode, stdout, stderr } = await relay(project, 'explain', 'outcome-unknown');

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const word of ['Meaning', 'Retried', 'Remedy', 'Who']) expect(stdout).toContain(word);
  });

  it('has no escape byte in a pipe, not even when colours are forced', async () => {
    const env = { FORCE_COLOR: '3' };

    const { exitCode, stdout, stderr } = await relayWith({ env }, project, 'explain', 'outcome-unknown');

    expect(exitCode).toBe(0);
    expect(stdout).toContain('outcome-unknown');
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('explains one as one object, and all as one on each line', async () => {
    const one = await relay(project, 'explain', 'connectly-401', '--json');
    const all = await relay(project, 'explain', '--json');

    const lines = all.stdout.trim().split('\n');
    expect(explain.result.parse(JSON.parse(one.stdout))).toMatchObject({
      code: 'connectly-401',
      who: 'operator',
    });
    expect(lines.length).toBeGreaterThan(40);
    for (const line of lines) explain.result.parse(JSON.parse(line));
  });

  it('ends with 2 and suggests another for an unknown one', async () => {
    const { exitCode, stdout, stderr } = await relay(project, 'explain', 'outcom-unknown');

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Did you mean outcome-unknown?');
  });
});

describe('relay schema', { timeout: patienceMs }, () => {
  it.each([
    ['2020-12', 'https://json-schema.org/draft/2020-12/schema'],
    ['draft-07', 'http://json-schema.org/draft-07/schema#'],
  ])('prints draft %s', async (draft, $schema) => {
    const words = await relay(project, 'schema', '--draft', draft);
    const { exitCode, stdout } = await relay(project, 'schema', '--draft', draft, '--json');

    expect(exitCode).toBe(0);
    expect(schema.result.parse(JSON.parse(stdout))).toMatchObject({ $schema });
    expect(JSON.parse(words.stdout)).toEqual(JSON.parse(stdout));
  });
});

describe('relay validate', { timeout: patienceMs }, () => {
  const good = JSON.stringify({ type: 'text', to: number, text });
  const bad = JSON.stringify({ type: 'text', to: number.slice(1), txt: text });

  it('ends with 0 for a message that is spread over several lines', async () => {
    await project.write('message.json', `${JSON.stringify(JSON.parse(good), undefined, 2)}\r\n`);

    const { exitCode, stdout } = await relay(project, 'validate', 'message.json');

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'The message is valid.\n' });
  });

  it('ends with 3 for one that begins with a byte order mark, as the sender refuses it', async () => {
    await project.write('marked.json', `\uFEFF${good}`);

    const { exitCode, stdout } = await relay(project, 'validate', 'marked.json');

    expect(parseMessage(`\uFEFF${good}`, { queuedAt: 0 }).ok).toBe(false);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 3,
      stdout: expect.stringMatching(/^line 1: .*byte order mark/),
    });
  });

  it('ends with 3 and names the line and the place, and never the value', async () => {
    const { exitCode, stdout, stderr } = await relayWith(
      { stdin: `${good}\n\n${bad}\n` },
      project,
      'validate',
      '-',
    );

    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^line 3: .*to: must be .*txt: .*did you mean "text"/);
    expect(stderr).toContain('1 of 2 messages');
    for (const canary of [number.slice(1), text]) expect(stdout + stderr).not.toContain(canary);
  });

  it('says the same as JSON', async () => {
    const { exitCode, stdout, stderr } = await relayWith(
      { stdin: `${good}\n${bad}` },
      project,
      'validate',
      '-',
      '--json',
    );

    const result = validate.result.parse(JSON.parse(stdout));
    expect(exitCode).toBe(3);
    expect(result).toMatchObject({ messages: 2, valid: 1, invalid: [{ line: 2 }] });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'message-invalid' } });
  });

  it('tells one problem for one message that breaks off', async () => {
    const { stdout } = await relayWith({ stdin: '\n{\n  "type": "text",\n  "to"' }, project, 'validate', '-');

    expect(stdout).toMatch(/^line 2: the message is not valid JSON[^\n]*\n$/);
  });

  it('tells fifty bad messages in words and counts the rest', async () => {
    const { stdout } = await relayWith({ stdin: '{}\n'.repeat(60) }, project, 'validate', '-');

    expect(stdout.trim().split('\n')).toHaveLength(51);
    expect(stdout).toContain('and 10 more');
  });

  it.each<[string, string | Buffer, string, number]>([
    ['a file that is not there', '', 'nowhere.json', 2],
    ['nothing at all', ' \n', '-', 2],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), '-', 3],
  ])('refuses %s', async (_, stdin, file, expected) => {
    const { exitCode, stdout, stderr } = await relayWith({ stdin }, project, 'validate', file);

    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).not.toBe('');
  });
});

describe('relay verify', { timeout: patienceMs }, () => {
  const body = JSON.stringify({ message: { text } });
  const right = sign(body, secret);

  async function verifyWith(file: string, header: string, ...options: string[]) {
    const args = ['verify', file, '--ask', '--signature', header, ...options];
    return relayWith({ stdin: `${secret}\n` }, project, ...args);
  }

  beforeAll(async () => {
    await project.write('body.json', body);
    await project.write('body-written-again.json', JSON.stringify(JSON.parse(body), undefined, 2));
    await project.write('body-with-line-feed.json', `${body}\n`);
    await project.write('body-in-base64.txt', Buffer.from(body).toString('base64'));
    await project.write('other.json', '{}');
  });

  it('ends with 0 when the signature holds, and shows every step', async () => {
    const { exitCode, stdout, stderr } = await verifyWith('body.json', right);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const step of ['1. Bytes', '2. Header', '3. Computed', '4. Verdict']) expect(stdout).toContain(step);
    expect(stdout).toContain(right);
  });

  it.each([
    ['a body that was written again', 'body-written-again.json', right, 'body-reserialised'],
    ['a trailing line feed', 'body-with-line-feed.json', right, 'trailing-newline'],
    ['the wrong secret', 'body.json', sign(body, 'another'), 'wrong-secret'],
    ['hex', 'body.json', Buffer.from(right, 'base64').toString('hex'), 'hex-signature'],
    ['missing padding', 'body.json', right.replace('=', ''), 'url-safe-or-unpadded'],
    ['a body in base64', 'body-in-base64.txt', right, 'base64-body'],
    ["another request's header", 'body.json', sign('{}', secret), 'other-request'],
  ])('ends with 3 and explains %s', async (_, file, header, cause) => {
    const { exitCode, stdout, stderr } = await verifyWith(file, header, 'other.json', '--json');

    const result = verify.result.parse(JSON.parse(stdout));
    expect(exitCode).toBe(3);
    expect(result.causes[0]?.cause).toBe(cause);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'signature-wrong' } });
    for (const canary of [secret, text]) expect(stdout + stderr).not.toContain(canary);
  });

  it.each<[string, string[], number]>([
    ['the body and the secret on one stdin', asTyped`verify - --ask --signature x`, 2],
    ['no secret anywhere', asTyped`verify body.json --signature x`, 3],
  ])('refuses %s, and names --ask', async (_, args, expected) => {
    const { exitCode, stdout, stderr } = await relay(project, ...args);

    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).toContain('--ask');
  });

  it('ends with 2 when the secret is empty', async () => {
    const { exitCode, stderr } = await relay(project, 'verify', 'body.json', '--ask', '--signature', right);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('empty');
  });

  it('refuses a body that no webhook would take', async () => {
    await project.write('large.txt', 'x'.repeat(512 * 1024 + 1));

    const { exitCode, stderr } = await verifyWith('large.txt', right);

    expect(exitCode).toBe(3);
    expect(stderr).toContain('413');
  });
});

describe('relay completion', { timeout: patienceMs }, () => {
  it('lets bash complete commands, options and their values', async () => {
    const { stdout } = await relay(project, 'completion', 'bash', '--json');
    const { script } = completion.result.parse(JSON.parse(stdout));
    const complete = (...words: string[]) =>
      execFileSync(
        'bash',
        [
          '-c',
          `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _relay; printf '%s\n' "\${COMPREPLY[@]}"`,
          'bash',
          ...words,
        ],
        { encoding: 'utf8' },
      ).trim();

    expect(complete('relay', 'web')).toBe('webhook');
    expect(complete('relay', 'webhook', 'reg')).toBe('register');
    expect(complete('relay', 'webhook', 'register', '--to')).toBe('--topic');
    expect(complete('relay', 'webhook', 'register', '--topic', '')).toBe('messages\ndelivery_status\nreport');
    expect(complete('relay', '--stage', 'dev', 'veri')).toBe('verify');
    // File names, which bash adds by itself.
    expect(complete('relay', 'webhook', 'register', '--stage', '')).toBe('');
  });

  it.each(['zsh', 'fish'])('has a script for %s that names every command', async (shell) => {
    const { exitCode, stdout } = await relay(project, 'completion', shell);

    expect(exitCode).toBe(0);
    for (const word of ['webhook', 'register', '--topic', 'delivery_status', 'explain'])
      expect(stdout).toContain(word);
  });

  it('ends with 2 for another shell', async () => {
    const { exitCode, stderr } = await relay(project, 'completion', 'tcsh');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('bash');
  });
});
