import { describe, expect, it } from 'vitest';
import { disagreements } from './not-created.ts';

const leavesOut = { 'AWS::ApiGatewayV2::Api': 'the validators', 'AWS::CloudWatch::Alarm': 'our own rules' };

/** A stack in which the emulator left out exactly what the list says. */
function asListed() {
  const resources = new Map<string, { type: string; created: boolean }>();
  for (const type of Object.keys(leavesOut)) resources.set(type, { type, created: false });
  return resources.set('Jobs', { type: 'AWS::SQS::Queue', created: true });
}

describe('The list of what the emulator leaves out', () => {
  it('agrees with a stack that is as it says', () => {
    expect(disagreements(leavesOut, asListed())).toEqual([]);
  });

  it('names a resource that is missing without a check for it', () => {
    const resources = asListed().set('Jobs', { type: 'AWS::SQS::Queue', created: false });

    expect(disagreements(leavesOut, resources)).toEqual([
      'Jobs (AWS::SQS::Queue) was not created, and no check is named for it',
    ]);
  });

  it('notices a type that is created after all, and one that the template has no more', () => {
    const [type = ''] = Object.keys(leavesOut);
    const created = asListed().set(type, { type, created: true });
    const gone = asListed();
    gone.delete(type);

    expect(disagreements(leavesOut, created)).toEqual([
      `${type} (${type}) was created: take it off the list`,
    ]);
    expect(disagreements(leavesOut, gone)).toEqual([`the template has no ${type}: take it off the list`]);
  });
});
