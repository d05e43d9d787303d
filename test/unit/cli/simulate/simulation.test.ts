import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { readChange, withChange } from '../../../../cli/simulate/changes.ts';
import { answering, inboundBody, statusBody } from '../../../../cli/simulate/events.ts';
import { verdictOn } from '../../../../cli/simulate/post-webhook.ts';
import { simulateMessage, simulateReport, simulateStatus } from '../../../../cli/simulate/simulate.ts';
import { unwrapCallbackData } from '../../../../lib/message/callback-data.ts';

const source = { now: () => Date.UTC(2026, 10, 22, 10), random: () => 0.5 };

describe('--set', () => {
  it.each<[string, unknown, unknown]>([
    ['text=hello', {}, { text: 'hello' }],
    ['message.text=1', { message: { id: 'a' } }, { message: { id: 'a', text: 1 } }],
    ['message.text="1"', {}, { message: { text: '1' } }],
    ['a[1].b=x=y', {}, { a: [null, { b: 'x=y' }] }],
    ['a[0]=null', { a: [1, 2] }, { a: [null, 2] }],
    ['a.b={"c":[]}', { a: 'text' }, { a: { b: { c: [] } } }],
  ])('%s changes %j into %j', (text, before, after) => {
    const changed = withChange(before, readChange(text));

    expect(changed).toEqual(after);
  });

  it('reaches no prototype', () => {
    const changed = withChange({}, readChange('__proto__.polluted=true'));

    expect(JSON.stringify(changed)).toBe('{"__proto__":{"polluted":true}}');
    expect('polluted' in {}).toBe(false);
  });

  it.each(['text', '=x', 'a..b=1', 'a[x]=1', 'a[99999]=1'])('refuses %s', (text) => {
    expect(() => readChange(text)).toThrow('--set must be path=value');
  });
});

describe('A made-up event', () => {
  it('answers a send by its id', () => {
    const body: { callbackData: unknown } = JSON.parse(
      inboundBody({ kind: 'button', ...answering('order-42') }, source),
    );

    expect(unwrapCallbackData(body.callbackData)).toEqual({ sendId: 'order-42' });
  });

  it('is the documented sample without callbackData when it answers none', () => {
    expect(JSON.parse(inboundBody({ kind: 'text', ...answering(undefined) }, source))).not.toHaveProperty(
      'callbackData',
    );
    expect(JSON.parse(statusBody({ status: 'sent' }, source))).not.toHaveProperty('callbackData');
  });

  it('names the option that is wrong', () => {
    expect(() => inboundBody({ kind: 'text', from: '555' }, source)).toThrow('--from: must be a number');
    expect(() => statusBody({ status: 'sent', to: 'abc' }, source)).toThrow('--to: must be a number');
  });

  it('has an error in a delivery that failed, and only there', () => {
    const failed = JSON.parse(statusBody({ status: 'delivery_failed', code: 'ERROR_CODE_X' }, source));
    const read = JSON.parse(statusBody({ status: 'read', messageId: '01A', to: '+1999' }, source));

    expect(failed.statusUpdate.error).toMatchObject({ code: 'ERROR_CODE_X' });
    expect(read).toMatchObject({
      recipient: { id: '+1999' },
      statusUpdate: { id: '01A', status: 'read', error: null },
    });
  });
});

/** Parses a command as far as it would run. */
function parseWithFile(command: typeof simulateMessage, typed: readonly string[]) {
  const program = new Command().exitOverride().configureOutput({ writeErr() {} });
  command.attach(program, () => {
    throw new Error('It would run.');
  });
  return () => program.parse(['--file', 'body.json', ...typed], { from: 'user' });
}

describe('A file for an event', () => {
  it.each([
    [simulateMessage, ['--text', 'Hello!']],
    [simulateMessage, ['--from', '+16315550001']],
    [simulateStatus, ['--status', 'delivered']],
    [simulateStatus, ['--to', '+16315550001']],
  ])('goes with no option that would say what it holds: %#', (command, typed) => {
    expect(parseWithFile(command, typed)).toThrow(`'${typed[0]} <`);
  });

  it.each([simulateMessage, simulateStatus, simulateReport])('goes with how it is sent: %#', (command) => {
    const typed = ['--set', 'a=b', '--repeat', '2', '--bad-signature', '--base64'];

    expect(parseWithFile(command, typed)).toThrow('It would run.');
  });
});

const answers = (statuses: readonly number[]) => statuses.map((status) => ({ status }));

describe('The answers', () => {
  it.each<[string, number[], boolean, number | undefined]>([
    ['all 200', [200, 200], false, undefined],
    ['401 to a bad signature', [401], true, undefined],
    ['401 to a good one', [401], false, 3],
    ['503', [503], false, 3],
    ['413', [413], false, 3],
    ['a redirect', [302], false, 3],
    ['some 503', [200, 503], false, 6],
    ['200 to a bad signature', [200], true, 1],
  ])('%s end with %j', (_, statuses, badSignature, exitCode) => {
    const verdict = verdictOn(answers(statuses), { badSignature });

    expect(verdict?.exitCode).toBe(exitCode);
  });
});
