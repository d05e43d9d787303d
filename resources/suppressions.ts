/** Why a check that some tool makes does not apply here. */
interface Suppression {
  /** The rule, as its tool calls it. */
  readonly ids: readonly string[];
  readonly reason: string;
}

const ownKey = 'By default AWS holds the key; the setting dataKeyArn puts your own in its place.';
const ownLogKey =
  'Log lines hold no number, text or secret; the setting logKeyArn encrypts them with your own key.';

/** By the type of the resources that they are about. */
export const suppressions: Readonly<Record<string, readonly Suppression[]>> = {
  'AWS::SQS::Queue': [{ ids: ['CKV_AWS_27', 'W48'], reason: ownKey }],
  'AWS::DynamoDB::Table': [{ ids: ['CKV_AWS_119', 'W74'], reason: ownKey }],
  'AWS::SecretsManager::Secret': [
    { ids: ['CKV_AWS_149', 'W77'], reason: ownKey },
    {
      ids: ['AwsSolutions-SMG4'],
      reason: 'Connectly has no call that rotates its key or secret; people rotate both, as the README says.',
    },
  ],
  'AWS::Logs::LogGroup': [{ ids: ['CKV_AWS_158', 'W84'], reason: ownLogKey }],
  'AWS::SNS::Topic': [
    {
      ids: ['CKV_AWS_26', 'W47', 'AwsSolutions-SNS2'],
      reason:
        'Alarm texts hold no data, and with the key that AWS holds for SNS the alarms could not reach the topic.',
    },
  ],
  'AWS::Lambda::Function': [
    {
      ids: ['CKV_AWS_115', 'W92'],
      reason:
        'Reserved concurrency would dead-letter messages that nobody tried, and fails on new accounts; the mappings cap it.',
    },
    {
      ids: ['CKV_AWS_116'],
      reason:
        'Called by API Gateway and by queue mappings, never asynchronously: such a queue would stay empty.',
    },
    {
      ids: ['CKV_AWS_117', 'W89'],
      reason: 'It talks to public addresses of AWS and Connectly only: a VPC would protect nothing.',
    },
    {
      ids: ['CKV_AWS_173'],
      reason:
        'The variables hold addresses and settings, never a secret; Lambda encrypts them with its own key.',
    },
  ],
  'AWS::S3::Bucket': [
    {
      ids: ['CKV_AWS_18', 'W35', 'AwsSolutions-S1'],
      reason:
        'It holds the bundles that the framework uploads, nothing of anybody; CloudTrail sees who deploys.',
    },
    {
      ids: ['CKV_AWS_21'],
      reason: 'Each deployment has names of its own, and the framework keeps the last five.',
    },
  ],
  'AWS::ApiGatewayV2::Route': [
    {
      ids: ['AwsSolutions-APIG4'],
      reason: 'Connectly signs its requests, and the function checks the HMAC before it looks inside.',
    },
  ],
};

/** What goes into the metadata of a resource of this type, so that each tool finds its own; undefined for none. */
export function suppressionMetadata(type: string): object | undefined {
  const found = suppressions[type];
  if (found === undefined) return undefined;
  const rules = found.flatMap(({ ids, reason }) => ids.map((id) => ({ id, reason })));
  const checkov = rules.filter(({ id }) => id.startsWith('CKV'));
  const cdkNag = rules.filter(({ id }) => id.startsWith('AwsSolutions-'));
  const cfnNag = rules.filter(({ id }) => /^[FW]\d+$/.test(id));
  return {
    ...(checkov.length > 0 && {
      checkov: { skip: checkov.map(({ id, reason }) => ({ id, comment: reason })) },
    }),
    ...(cdkNag.length > 0 && { cdk_nag: { rules_to_suppress: cdkNag } }),
    ...(cfnNag.length > 0 && { cfn_nag: { rules_to_suppress: cfnNag } }),
  };
}
