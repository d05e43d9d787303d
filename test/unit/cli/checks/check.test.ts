import { describe, expect, it } from 'vitest';
import { type Check, failed, ok, runChecks, warning } from '../../../../cli/checks/check.ts';
import { proxyHint } from '../../../../cli/errors.ts';
import { RelayError } from '../../../../lib/errors.ts';

const { signal } = new AbortController();
const deadlineMs = 60_000;

function check(name: string, run: Check['run']): Check {
  return { name, remedy: `mend ${name}`, run };
}

describe('runChecks', () => {
  it('names the remedy of everything that is not well, in the order of the checks', async () => {
    const checks = [
      check('one', async () => ok('fine')),
      check('two', async () => warning('hm')),
      check('three', async () => failed('broken')),
    ];

    const results = await runChecks(checks, { deadlineMs, signal });

    expect(results).toEqual([
      { check: 'one', verdict: 'ok', finding: 'fine' },
      { check: 'two', verdict: 'warning', finding: 'hm', remedy: 'mend two' },
      { check: 'three', verdict: 'failed', finding: 'broken', remedy: 'mend three' },
    ]);
  });

  it('takes a check that throws for a failed one, and goes on with the others', async () => {
    const checks = [
      check('one', async () => {
        throw new RelayError('secret-not-set', 'The secret has no value yet.');
      }),
      check('two', async () => ok('fine')),
    ];

    const results = await runChecks(checks, { deadlineMs, signal });

    expect(results.map(({ verdict }) => verdict)).toEqual(['failed', 'ok']);
    expect(results[0]).toMatchObject({ finding: 'The secret has no value yet.', remedy: 'mend one' });
  });

  it.each([
    ['aws-unreachable', `AWS does not answer (ENOTFOUND). Check it. ${proxyHint}`, `Check it. ${proxyHint}`],
    ['credentials', 'There are no AWS credentials that work (NoSuch). Choose one.', 'Choose one.'],
    ['proxy-refused', 'The proxy 10.0.0.1:3128 refuses (407). Write it.', 'Write it.'],
    ['connectly-unreachable', 'Connectly did not answer (ETIMEDOUT). Try again.', 'Try again.'],
  ])('blames nothing but the way where nobody was asked: %s', async (code, message, remedy) => {
    const lost = check('lost', () => Promise.reject(new RelayError(code, message)));

    const results = await runChecks([lost], { deadlineMs, signal });

    const [what] = message.split(/(?<=\)\.) /);
    expect(results).toEqual([{ check: 'lost', verdict: 'failed', finding: `Not known: ${what}`, remedy }]);
  });

  it('does not wait for a check that takes too long, and aborts it', async () => {
    let wasAborted = false;
    const endless = check('endless', (own) => {
      own.addEventListener('abort', () => (wasAborted = true));
      return new Promise(() => {});
    });

    const results = await runChecks([endless], { deadlineMs: 1, signal });

    expect(wasAborted).toBe(true);
    expect(results).toEqual([
      {
        check: 'endless',
        verdict: 'failed',
        finding: 'Not known: no answer within 0.001 s.',
        remedy: `Look at the network. ${proxyHint}`,
      },
    ]);
  });

  it('ends with the interruption when the command is interrupted', async () => {
    const controller = new AbortController();
    const interrupted = check('interrupted', async (own) => {
      controller.abort(new Error('Interrupted.'));
      own.throwIfAborted();
      return ok('never');
    });

    const running = runChecks([interrupted], { deadlineMs, signal: controller.signal });

    await expect(running).rejects.toThrow('Interrupted.');
  });
});
