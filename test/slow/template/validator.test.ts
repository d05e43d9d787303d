import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagedTemplate } from '../../../local/template/package.ts';
import { templateWithEveryOption } from '../../template/every-option.ts';
import { readTemplate, type Template } from '../../template/template.ts';
import { type Finding, startValidator, type Validator } from '../../template/validator.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** The warnings that are there for a reason: the rule, what it is about, and the reason. */
const expectedWarnings: readonly { rule: string; about: string; reason: string }[] = [];

/** "Hardcoded account ID": a key of one's own is in an account of one's own. */
const aboutGivenArns = 'W9013';

let validator: Validator;
let everyOption: Template;

const packageProd = (root: string) =>
  packagedTemplate({ projectRoot: root, stage: 'prod', region: 'us-east-1' });

function unexplained(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ rule, about }) =>
      !expectedWarnings.some((expected) => expected.rule === rule && expected.about === about),
  );
}

beforeAll(async () => {
  [validator, everyOption] = await Promise.all([startValidator(), templateWithEveryOption('prod')]);
}, 120_000);

afterAll(() => validator.close());

describe("AWS's own validator", () => {
  it('finds no error in the template of prod, no warning without a reason, and no reason without its warning', async () => {
    const { template } = await packageProd(projectRoot);

    const findings = await validator.findings(readTemplate(template));

    expect(unexplained(findings)).toEqual([]);
    for (const { rule, about } of expectedWarnings)
      expect(findings).toContainEqual(expect.objectContaining({ rule, about }));
  });

  it('finds nothing either when every option is switched on', async () => {
    const findings = await validator.findings(everyOption);

    expect(JSON.stringify(everyOption)).toContain('xray:PutTraceSegments');
    expect(unexplained(findings).filter(({ rule }) => rule !== aboutGivenArns)).toEqual([]);
  });

  it('is heard: a warning that nobody has explained shows', async () => {
    const { template } = await packageProd(projectRoot);
    const warned = readTemplate(structuredClone(template));
    Reflect.set(warned.Resources['SendMessageLambdaFunction'] ?? {}, 'DependsOn', ['SendMessageRole']);

    const findings = await validator.findings(warned);

    expect(unexplained(findings)).toEqual([expect.objectContaining({ rule: 'W3005', severity: 'WARN' })]);
  });
});
