import { expect, test } from 'vitest';
import type { AwsService } from '../../../local/aws/protocols/service.ts';
import { startSqsEmulator } from '../../support/sqs-emulator.ts';
import { runRules } from '../run-rules.ts';
import { type PlantedFault, plantedFaults } from './planted-faults.ts';
import { RuleContext } from './rule.ts';
import { rules } from './rules.ts';

const planted =
  ({ operation, plant }: PlantedFault) =>
  (service: AwsService): AwsService => {
    const right = service.operations[operation];
    if (right === undefined) throw new Error(`There is no operation ${operation}.`);
    return { ...service, operations: { ...service.operations, [operation]: plant(right) } };
  };

test.each(plantedFaults)('when $name, the rule that $caughtBy is broken', async (fault) => {
  const emulator = await startSqsEmulator(planted(fault));
  const suspects = rules.filter(({ name }) => name === fault.caughtBy);

  const open = () => new RuleContext(emulator.endpoint.url, emulator.time);
  const outcomes = await runRules(suspects, { open });

  await emulator.endpoint.close();
  expect(outcomes.map(({ kind }) => kind)).toEqual(['broken']);
});
