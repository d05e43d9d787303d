import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Check, plant, plantedFaults } from '../../template/planted-faults.ts';
import { brokenRules, prodRules } from '../../template/prod-rules.ts';
import { prodTemplate } from '../../template/prod-template.ts';
import type { Template } from '../../template/template.ts';
import { startValidator, type Validator } from '../../template/validator.ts';

let template: Template;
let validator: Validator;

beforeAll(async () => {
  [template, validator] = await Promise.all([prodTemplate(), startValidator()]);
}, 120_000);

afterAll(() => validator.close());

describe('A fault in the template', () => {
  const table = plantedFaults.map(
    (planted) => [planted.fault, planted.caughtBy.join('; '), planted] as const,
  );
  it.each(table)('%s: %s', async (_fault, _caughtBy, planted) => {
    const broken = plant(template, planted);
    const errors = (await validator.findings(broken)).filter(({ severity }) => severity !== 'WARN');
    const noticed: Check[] = brokenRules(broken);
    if (errors.length > 0) noticed.push('AWS: the validator');

    expect(noticed.toSorted()).toEqual(planted.caughtBy.toSorted());
  });

  it('is planted for every rule', () => {
    const needed = Object.keys(prodRules);

    const idle = needed.filter(
      (rule) => !plantedFaults.some(({ caughtBy }) => caughtBy.some((each) => each === rule)),
    );

    expect(idle).toEqual([]);
  });
});

describe('Planting', () => {
  it('refuses a fault that changes nothing, and one for which there is no place', () => {
    const idle = { fault: 'none', change: { 'Resources.SendsQueue.Type': 'AWS::SQS::Queue' } };
    const nowhere = { fault: 'none', change: { 'Resources.NoQueue.Properties.QueueName': 'x' } };
    const caughtBy = ['encrypts its queues'] as const;

    expect(() => plant(template, { ...idle, caughtBy })).toThrow('changes nothing');
    expect(() => plant(template, { ...nowhere, caughtBy })).toThrow('nothing at');
  });
});
