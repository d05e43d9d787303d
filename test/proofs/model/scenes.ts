import type { Policy, Scene } from './scene.ts';

export interface NamedScene extends Scene {
  readonly name: string;
}

/**
 * What a protocol is tried in: all of it at the given number of deliveries, and what multiplies the worlds (policies
 * that change between deployments, a person's release, a second copy) at fewer.
 */
export function scenes(deliveries: number): NamedScene[] {
  const fewer = Math.max(2, deliveries - 2);
  const fewest = Math.max(2, deliveries - 3);
  const plain = (policy: Policy): NamedScene => ({
    name: policy,
    policy,
    deliveries,
    copies: 1,
    releases: 0,
  });
  return [
    plain('hold'),
    plain('settle'),
    plain('resend'),
    { ...plain('hold'), name: 'hold, two copies at once', deliveries: fewer, copies: 2 },
    { ...plain('settle'), name: 'settle, two copies at once', deliveries: fewer, copies: 2 },
    { ...plain('mixed'), name: 'hold and resend, changed on the way', deliveries: fewer },
    { ...plain('hold'), name: 'hold, and a person who releases', deliveries: fewest, releases: 1 },
    { ...plain('settle'), name: 'settle, and a person who releases', deliveries: fewest, releases: 1 },
  ];
}
