import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { EventSourceMapping } from '../../../../../local/aws/lambda/event-source-mapping.ts';
import { MappingState } from '../../../../../local/aws/lambda/mapping-state.ts';
import { createVirtualClock } from '../../../../support/virtual-clock.ts';

/** A mapping whose pause takes effect by hand. */
function slowMapping(): EventSourceMapping & { readonly takeEffect: () => void } {
  let enabled = true;
  const effect = new AbortController();
  const paused = once(effect.signal, 'abort').then(() => undefined);
  return {
    get enabled() {
      return enabled;
    },
    inFlight: 0,
    pause: () => void (enabled = false),
    resume: () => void (enabled = true),
    untilPaused: () => paused,
    close: () => Promise.resolve(),
    takeEffect: () => effect.abort(),
  };
}

it('a mapping is Disabling until it has given back what it had received', async () => {
  const clock = createVirtualClock();
  const mapping = slowMapping();
  const state = new MappingState(mapping, clock);

  state.change(false);
  await clock.advance(60_000);
  const before = state.name;
  mapping.takeEffect();
  await clock.advance(0);

  expect([before, state.name]).toEqual(['Disabling', 'Disabled']);
});

it('a mapping does not poll before it is Enabled again', async () => {
  const clock = createVirtualClock();
  const mapping = slowMapping();
  mapping.pause();
  const state = new MappingState(mapping, clock);

  state.change(true);
  await clock.advance(999);
  const before = { state: state.name, polls: mapping.enabled };
  await clock.advance(1);

  expect(before).toEqual({ state: 'Enabling', polls: false });
  expect({ state: state.name, polls: mapping.enabled }).toEqual({ state: 'Enabled', polls: true });
});
