import { expect, it } from 'vitest';
import { createPauses } from '../../../../lib/delivery/dispatch/pauses.ts';

const create = () => createPauses(() => 0.5);

it('knows nothing against a business that it never heard of, or only good things', () => {
  const pauses = create();

  pauses.learn('business-1', 'good', 1, 0);
  const states = ['business-1', 'business-2'].map((id) => pauses.breakerOf(id).state(0));

  expect(states).toEqual(['closed', 'closed']);
});

it('remembers a thousand businesses with a fault, and forgets the one whose last fault is the oldest', () => {
  const pauses = create();
  const fault = (business: number) => pauses.learn(`business-${business}`, 'hopeless', 1_000_000, business);
  for (let business = 1; business <= 1_000; business += 1) fault(business);

  const full = pauses.breakerOf('business-1').state(1_000);
  fault(1_001);
  const states = [1, 2, 1_000, 1_001].map((business) =>
    pauses.breakerOf(`business-${business}`).state(1_001),
  );

  expect(full).toBe('open');
  expect(states).toEqual(['closed', 'open', 'open', 'open']);
});

it('counts a business that has a fault once more among the newest', () => {
  const pauses = create();
  for (let business = 1; business <= 1_000; business += 1)
    pauses.learn(`business-${business}`, 'hopeless', 1, 0);
  const breaker = pauses.breakerOf('business-1');
  breaker.probe();
  breaker.probed(true, 20_000);
  breaker.started(2);
  pauses.learn('business-1', 'good', 2, 20_000);

  pauses.learn('business-1', 'hopeless', 3, 20_001);
  pauses.learn('business-1001', 'hopeless', 4, 20_001);
  const states = [1, 2, 1_001].map((business) => pauses.breakerOf(`business-${business}`).state(20_001));

  expect(states).toEqual(['open', 'closed', 'open']);
});
