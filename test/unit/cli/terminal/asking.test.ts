import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirm, readSecret, readStdin } from '../../../../cli/terminal/input.ts';
import { startProgress } from '../../../../cli/terminal/progress.ts';

/** A stream, as a terminal or as a pipe. */
function stream(isTTY: boolean) {
  const passing = Object.assign(new PassThrough(), { isTTY });
  let written = '';
  passing.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  return Object.assign(passing, { written: () => written });
}

function input(isTTY: boolean) {
  return Object.assign(new PassThrough(), { isTTY });
}

const { signal } = new AbortController();

describe('a question', () => {
  it.each(['y\n', 'YES\n', ' yes \n'])('is agreed to with %j', async (typed) => {
    const [stdin, stderr] = [input(true), stream(true)];
    const asking = confirm('Purge 3 messages?', { yes: false, signal, stdin, stderr });

    stdin.write(typed);
    await asking;

    expect(stderr.written()).toContain('Purge 3 messages? [y/N]');
  });

  it.each(['\n', 'n\n', 'yesterday\n'])('is declined with %j', async (typed) => {
    const [stdin, stderr] = [input(true), stream(true)];
    const asking = confirm('Purge?', { yes: false, signal, stdin, stderr });

    stdin.write(typed);

    await expect(asking).rejects.toMatchObject({ exitCode: 130, code: 'declined' });
  });

  it('does not show what is typed: it may be a key, pasted in a hurry', async () => {
    const [stdin, stderr] = [input(true), stream(true)];
    const asking = confirm('Purge?', { yes: false, signal, stdin, stderr });

    stdin.write('canary-key\n');

    await expect(asking).rejects.toMatchObject({ code: 'declined' });
    expect(stderr.written()).toBe('Purge? [y/N] \n');
  });

  it('is not asked with --yes', async () => {
    const [stdin, stderr] = [input(false), stream(false)];

    await confirm('Purge?', { yes: true, signal, stdin, stderr });

    expect(stderr.written()).toBe('');
  });

  it.each([
    [true, false],
    [false, true],
  ])('needs --yes where nobody can be asked (stdin a terminal: %s, stderr: %s)', async (first, second) => {
    const [stdin, stderr] = [input(first), stream(second)];

    const asking = confirm('Purge?', { yes: false, signal, stdin, stderr });

    await expect(asking).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('--yes') });
  });

  it.each([
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C', '\u0003'],
    ['half a word and no more', 'ye'],
  ])('is not answered by %s', async (_, typed) => {
    const [stdin, stderr] = [input(true), stream(true)];
    const asking = confirm('Purge?', { yes: false, signal, stdin, stderr });

    stdin.end(typed);

    await expect(asking).rejects.toMatchObject({ exitCode: 130 });
  });

  it('ends when the command is interrupted', async () => {
    const controller = new AbortController();
    const [stdin, stderr] = [input(true), stream(true)];
    const asking = confirm('Purge?', { yes: false, signal: controller.signal, stdin, stderr });

    controller.abort();

    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a secret', () => {
  it('is read whole from a pipe, without the line feed at its end', async () => {
    const [stdin, stderr] = [input(false), stream(false)];
    stdin.end(' s3cret with spaces \r\n');

    const secret = await readSecret('API key', { signal, stdin, stderr });

    expect(secret).toBe(' s3cret with spaces ');
    expect(stderr.written()).toBe('');
  });

  it('is typed at a terminal, which does not show it', async () => {
    const [stdin, stderr] = [input(true), stream(true)];
    const reading = readSecret('API key', { signal, stdin, stderr });

    // The prompt listens once it has been drawn.
    while (!stderr.written().includes('API key')) await new Promise(setImmediate);
    stdin.write('s3cret\n');

    expect(await reading).toBe('s3cret');
    expect(stderr.written()).not.toContain('s3cret');
  });

  it.each([
    ['all lines that were pasted at once', 'half\nother half\n', 'half\nother half'],
    ['the line that was not ended', 'half\nother', 'half\nother'],
    ['no line that is empty', 's3cret\n', 's3cret'],
  ])('is, at a terminal, %s', async (_, pasted, expected) => {
    const [stdin, stderr] = [input(true), stream(true)];
    const reading = readSecret('API key', { signal, stdin, stderr });

    stdin.write(pasted);

    expect(await reading).toBe(expected);
    expect(stderr.written()).toBe('API key: \n');
  });

  it.each([
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C', '\u0003'],
  ])('is not there after %s', async (_, typed) => {
    const [stdin, stderr] = [input(true), stream(true)];
    const reading = readSecret('API key', { signal, stdin, stderr });

    stdin.write(typed);

    await expect(reading).rejects.toMatchObject({ exitCode: 130, code: 'interrupted' });
  });

  it('is not there when the input is closed while it is typed', async () => {
    const [stdin, stderr] = [input(true), stream(true)];
    const reading = readSecret('API key', { signal, stdin, stderr });

    stdin.end();

    await expect(reading).rejects.toMatchObject({ exitCode: 130, code: 'interrupted' });
  });

  it('loses the byte order mark of a file', async () => {
    const [stdin, stderr] = [input(false), stream(false)];
    stdin.end('\ufeffs3cret\n');

    const secret = await readSecret('API key', { signal, stdin, stderr });

    expect(secret).toBe('s3cret');
  });

  it.each([
    ['UTF-16', Buffer.from('\ufeffs3cret\r\n', 'utf16le'), 'API key is UTF-16, not UTF-8.'],
    ['another encoding', Buffer.from('s\u00e9cret', 'latin1'), 'API key is not UTF-8.'],
  ])('is refused in %s', async (_, bytes, words) => {
    const [stdin, stderr] = [input(false), stream(false)];
    stdin.end(bytes);

    const reading = readSecret('API key', { signal, stdin, stderr });

    await expect(reading).rejects.toMatchObject({
      code: 'not-utf-8',
      message: expect.stringContaining(words),
    });
  });

  it('is not empty', async () => {
    const [stdin, stderr] = [input(false), stream(false)];
    stdin.end('\n');

    const reading = readSecret('API key', { signal, stdin, stderr });

    await expect(reading).rejects.toMatchObject({ exitCode: 2, message: 'API key is empty.' });
  });
});

describe('what is read from stdin', () => {
  it('ends with the interruption', async () => {
    const controller = new AbortController();
    const reading = readStdin(controller.signal, input(false));

    controller.abort(new Error('interrupted'));

    await expect(reading).rejects.toThrow();
  });
});

describe('a progress bar', () => {
  it.each([
    [false, true],
    [true, false],
  ])('is silent when it is not wanted or stderr is no terminal (%s, %s)', async (shown, isTTY) => {
    const stderr = stream(isTTY);

    const progress = await startProgress(
      { label: 'Queueing', total: 10 },
      { shown, stdout: stream(true), stderr },
    );
    progress.advance();
    progress.stop();

    expect(stderr.written()).toBe('');
  });

  it.each([
    [true, true, false],
    [true, false, true],
    [false, true, true],
  ])(
    'is silent among results that go to a terminal, and nowhere else (%s, %s)',
    async (amongResults, isTTY, shows) => {
      const stderr = stream(true);
      const place = { shown: true, stdout: stream(isTTY), stderr };

      const progress = await startProgress({ label: 'Looking', total: 10, amongResults }, place);
      progress.stop();

      expect(stderr.written() !== '').toBe(shows);
    },
  );
});
