import { expect, it } from 'vitest';
import { createInOrder } from '../../../lib/delivery/in-order.ts';

const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Things that begin at once and end when they are told to; what each was given, and in which order they began. */
function scene() {
  const inOrder = createInOrder<string>('broken');
  const begun: string[] = [];
  const given = new Map<string, string | undefined>();
  const endings = new Map<string, (result: string | Error) => void>();
  const add = (key: string, name: string) =>
    inOrder(key, (before) => {
      begun.push(name);
      given.set(name, before);
      return new Promise((resolve, reject) => {
        endings.set(name, (result) => (result instanceof Error ? reject(result) : resolve(result)));
      });
    });
  const end = async (name: string, result: string | Error) => {
    endings.get(name)?.(result);
    await settled();
  };
  return { add, begun, given, end };
}

it('runs those of one key one after the other, each with what the one before came to', async () => {
  const { add, begun, given, end } = scene();

  const all = Promise.all(['a', 'b', 'c'].map((name) => add('ana', name)));
  const atFirst = [...begun];
  await end('a', 'sent');
  const afterOne = [...begun];
  await end('b', 'refused');
  await end('c', 'sent');

  expect([atFirst, afterOne]).toEqual([['a'], ['a', 'b']]);
  expect([...given]).toEqual([
    ['a', undefined],
    ['b', 'sent'],
    ['c', 'refused'],
  ]);
  await expect(all).resolves.toEqual(['sent', 'refused', 'sent']);
});

it('runs those of different keys side by side', () => {
  const { add, begun, given } = scene();

  void add('ana', 'a');
  void add('bea', 'b');

  expect(begun).toEqual(['a', 'b']);
  expect([...given.values()]).toEqual([undefined, undefined]);
});

it('goes on after one that rejects, and says that it is broken', async () => {
  const { add, given, end } = scene();
  const first = add('ana', 'a');
  const second = add('ana', 'b');
  const failed = expect(first).rejects.toThrow('a bug');

  await end('a', new Error('a bug'));
  await end('b', 'sent');

  await failed;
  expect(given.get('b')).toBe('broken');
  await expect(second).resolves.toBe('sent');
});
