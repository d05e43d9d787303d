import { describe, expect, it, onTestFinished } from 'vitest';
import { createAwsClients } from '../../../../cli/target/aws-clients.ts';
import { createTarget, type Target } from '../../../../cli/target/target.ts';
import { planOf, refuseUnreachable } from '../../../../cli/webhook/register-options.ts';

function targetOf(kind: Target['kind']): Target {
  const target = createTarget({
    kind,
    name: 'a stage',
    options: '--stage test',
    stage: 'test',
    region: 'eu-west-1',
    outputs: {},
    aws: createAwsClients({ region: 'eu-west-1' }),
  });
  onTestFinished(() => target.close());
  return target;
}

describe('the address of the webhooks of a deployed stage', () => {
  it.each([
    'http://localhost:3000/webhooks',
    'http://relay.example.com/webhooks',
    'https://localhost/webhooks',
    'https://127.0.0.1/webhooks',
    'https://10.1.2.3/webhooks',
    'https://192.168.1.2/webhooks',
    'https://[::1]/webhooks',
    'https://[fd00::1]/webhooks',
    'https://relay/webhooks',
    'https://relay.internal/webhooks',
  ])('is not %s, which Connectly cannot reach', (address) => {
    const target = targetOf('deployed');

    expect(() => refuseUnreachable({ address }, target)).toThrow(
      '--address must be one that Connectly can reach',
    );
  });

  it.each(['https://relay.example.com/webhooks', 'https://8.8.8.8/webhooks', 'https://[2001:db8::1]/x'])(
    'may be %s',
    (address) => {
      const target = targetOf('deployed');

      expect(() => refuseUnreachable({ address }, target)).not.toThrow();
    },
  );

  it('may be anything on the local stack, whose Connectly is here', () => {
    const target = targetOf('local');

    expect(() => refuseUnreachable({ address: 'http://127.0.0.1:1/x' }, target)).not.toThrow();
  });
});

describe('what to type to see where the topics point', () => {
  const address = 'https://relay.example.com/webhooks';
  const { signal } = new AbortController();

  it.each([
    ['own', 'npx relay webhook status --business own --stage test'],
    ["o'wn", String.raw`npx relay webhook status --business 'o'\''wn' --stage test`],
  ])('names the business that was named: %s', (business, look) => {
    const plan = planOf({ address, business }, targetOf('deployed'), signal);

    expect(plan.look).toBe(look);
  });

  it('names the place alone for the business of the stage', () => {
    const plan = planOf({ address }, { ...targetOf('deployed'), businessId: 'own' }, signal);

    expect(plan.look).toBe('npx relay webhook status --stage test');
  });
});
