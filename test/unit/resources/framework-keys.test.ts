import { describe, expect, it } from 'vitest';
import { frameworkKeys } from '../../../resources/framework-keys.ts';

const keysFor = (settings: Readonly<Record<string, string>>) =>
  frameworkKeys({
    stage: 'dev',
    region: 'eu-west-1',
    params: { default: settings },
    commandLine: [],
    sendTimeoutSeconds: 60,
  });

describe("The framework's own keys", () => {
  it('have what the settings for company accounts say', () => {
    const keys = keysFor({
      deploymentBucket: 'company-deployments',
      cloudFormationRoleArn: 'arn:aws:iam::123456789012:role/cloudformation',
      extraTags: 'Owner=payments,CostCentre=4711',
    });

    expect(keys).toEqual([
      [['provider', 'deploymentBucket', 'name'], 'company-deployments'],
      [['provider', 'iam', 'deploymentRole'], 'arn:aws:iam::123456789012:role/cloudformation'],
      [['provider', 'stackTags', 'Owner'], 'payments'],
      [['provider', 'stackTags', 'CostCentre'], '4711'],
    ]);
  });

  it.each([
    ['true', [[['provider', 'deletionProtection'], true]]],
    ['false', []],
  ])(
    'protect the stack only where the setting is true, and ask AWS for nothing elsewhere: %s',
    (value, expected) => {
      const keys = keysFor({ terminationProtection: value });

      expect(keys).toEqual(expected);
    },
  );

  it.each([
    ['empty', ''],
    ['not sound', 'no such thing!'],
  ])('are left alone where a setting is %s, so that a stack can be looked at and removed', (_, value) => {
    const keys = keysFor({ deploymentBucket: value, cloudFormationRoleArn: value, extraTags: value });

    expect(keys).toEqual([]);
  });
});
