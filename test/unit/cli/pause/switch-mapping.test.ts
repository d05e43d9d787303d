import { describe, expect, it } from 'vitest';
import {
  type SwitchableMapping,
  type SwitchOptions,
  switchMapping,
  untilIdle,
} from '../../../../cli/pause/switch-mapping.ts';

/** A mapping that goes through these states, one for each look; the last one stays. */
function mappingThatIs(...states: readonly string[]) {
  const asked: boolean[] = [];
  const left = [...states];
  const mapping: SwitchableMapping = {
    state: async () => (left.length > 1 ? left.shift() : left[0]) ?? '',
    async ask(enabled) {
      asked.push(enabled);
      return true;
    },
  };
  return { mapping, asked };
}

function options(changes: Partial<SwitchOptions> = {}): SwitchOptions {
  const { signal } = new AbortController();
  return { wanted: 'Disabled', second: async () => {}, signal, targetOptions: '--stage dev', ...changes };
}

/** Pressed at the so-manieth second. */
function interruptedAt(press: number): Pick<SwitchOptions, 'second' | 'signal'> {
  const controller = new AbortController();
  let seconds = 0;
  return {
    signal: controller.signal,
    async second() {
      seconds += 1;
      if (seconds === press) controller.abort(new Error('Ctrl-C'));
      controller.signal.throwIfAborted();
    },
  };
}

describe('switching a mapping', () => {
  it('asks once, and resolves only when the change has happened', async () => {
    const { mapping, asked } = mappingThatIs('Enabled', 'Disabling', 'Disabling', 'Disabled');

    const changed = await switchMapping(mapping, options());

    expect({ changed, asked }).toEqual({ changed: true, asked: [false] });
  });

  it('asks for the other direction, too', async () => {
    const { mapping, asked } = mappingThatIs('Disabled', 'Enabling', 'Enabled');

    const changed = await switchMapping(mapping, options({ wanted: 'Enabled' }));

    expect({ changed, asked }).toEqual({ changed: true, asked: [true] });
  });

  it('asks for nothing when it is so already, or is about to be', async () => {
    const already = mappingThatIs('Disabled');
    const soon = mappingThatIs('Disabling', 'Disabled');

    const changed = [
      await switchMapping(already.mapping, options()),
      await switchMapping(soon.mapping, options()),
    ];

    expect(changed).toEqual([false, false]);
    expect([...already.asked, ...soon.asked]).toEqual([]);
  });

  it('waits for an earlier change the other way before it asks', async () => {
    const { mapping, asked } = mappingThatIs('Enabling', 'Enabled', 'Disabling', 'Disabled');

    const changed = await switchMapping(mapping, options());

    expect({ changed, asked }).toEqual({ changed: true, asked: [false] });
  });

  it('asks again when AWS was busy', async () => {
    const { mapping, asked } = mappingThatIs('Enabled', 'Enabled', 'Disabled');
    const busyOnce: SwitchableMapping = {
      ...mapping,
      ask: async (enabled) => (await mapping.ask(enabled)) && asked.length > 1,
    };

    const changed = await switchMapping(busyOnce, options());

    expect({ changed, asked }).toEqual({ changed: true, asked: [false, false] });
  });

  it('gives up at some time, partly done, and names the commands that look and take back', async () => {
    const { mapping } = mappingThatIs('Enabled', 'Disabling');

    const switching = switchMapping(mapping, options());

    await expect(switching).rejects.toMatchObject({
      exitCode: 6,
      code: 'mapping-slow',
      message: expect.stringMatching(/relay status --stage dev.*relay resume --stage dev/),
    });
  });

  it('says after an interruption whether anything was changed', async () => {
    const before = mappingThatIs('Enabling');
    const after = mappingThatIs('Enabled', 'Disabling');

    const first = switchMapping(before.mapping, options(interruptedAt(1)));
    const second = switchMapping(after.mapping, options(interruptedAt(2)));

    await expect(first).rejects.toMatchObject({
      exitCode: 130,
      message: expect.stringContaining('before anything was changed'),
    });
    await expect(second).rejects.toMatchObject({
      exitCode: 130,
      message: expect.stringContaining('relay resume --stage dev'),
    });
    expect(before.asked).toEqual([]);
  });

  it('passes on what AWS says', async () => {
    const { mapping } = mappingThatIs('Enabled');
    const denied = new Error('denied');

    const switching = switchMapping({ ...mapping, ask: () => Promise.reject(denied) }, options());

    await expect(switching).rejects.toBe(denied);
  });
});

describe('waiting until a function is idle', () => {
  it('ends as soon as no message is out of sight', async () => {
    const counts = [3, 1, 0, 0];
    let seconds = 0;

    await untilIdle({
      outOfSight: async () => counts.shift() ?? 0,
      timeoutSeconds: 60,
      second: async () => void (seconds += 1),
    });

    expect(seconds).toBe(2);
  });

  it('waits no longer than an invocation can last, for messages that wait for another try', async () => {
    let seconds = 0;

    await untilIdle({
      outOfSight: async () => 5,
      timeoutSeconds: 60,
      second: async () => void (seconds += 1),
    });

    expect(seconds).toBe(60);
  });
});
