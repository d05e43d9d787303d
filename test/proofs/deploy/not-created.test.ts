import { describe, expect, it } from 'vitest';
import { coveredElsewhere, disagreements } from './not-created.ts';

/** A stack in which the emulator left out exactly what the list says. */
function asListed() {
  const resources = new Map<string, { type: string; created: boolean }>();
  for (const type of Object.keys(coveredElsewhere)) resources.set(type, { type, created: false });
  return resources.set('Jobs', { type: 'AWS::SQS::Queue', created: true });
}

describe('The list of what the emulator leaves out', () => {
  it('agrees with a stack that is as it says', () => {
    expect(disagreements(asListed())).toEqual([]);
  });

  it('names a resource that is missing without a check for it', () => {
    const resources = asListed().set('Jobs', { type: 'AWS::SQS::Queue', created: false });

    expect(disagreements(resources)).toEqual([
      'Jobs (AWS::SQS::Queue) was not created, and no check is named for it',
    ]);
  });

  it('notices a type that is created after all, and one that the template has no more', () => {
    const [type = ''] = Object.keys(coveredElsewhere);
    const created = asListed().set(type, { type, created: true });
    const gone = asListed();
    gone.delete(type);

    expect(disagreements(created)).toEqual([`${type} (${type}) was created: take it off the list`]);
    expect(disagreements(gone)).toEqual([`the template has no ${type}: take it off the list`]);
  });
});
