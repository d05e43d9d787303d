import type { Template } from '../template.ts';
import { region } from './aws-calls.ts';
import type { Judge } from './evaluator.ts';
import { identityPolicies } from './function-roles.ts';

// AWS, "Key management" of SQS: whoever sends needs both, and whoever receives the first. "Secret encryption and decryption"
// of Secrets Manager: whoever reads a secret needs the first.
const receives = ['kms:Decrypt'];
const sends = ['kms:Decrypt', 'kms:GenerateDataKey'];
/** What aws-cdk grants to whoever reads and writes a table with a key of its own (aws-dynamodb, perms.ts). */
const readsAndWrites = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
const forNobody = ['kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'];

/** What each role and policy needs of the key, by the service that asks for the key in its name. */
const needed: Readonly<Record<string, Readonly<Record<'sqs' | 'dynamodb', readonly string[]>>>> = {
  ReceiveWebhookRole: { sqs: sends, dynamodb: sends },
  SendMessageRole: { sqs: sends, dynamodb: readsAndWrites },
  SettleSendRole: { sqs: sends, dynamodb: readsAndWrites },
  SendPolicy: { sqs: sends, dynamodb: sends },
  ConsumePolicy: { sqs: receives, dynamodb: receives },
};

/**
 * What is wrong with what the roles and policies of a stage with a KMS key of its own (`dataKeyArn`) allow on that key:
 * less than AWS asks for, or more.
 */
export async function ownKeyProblems(template: Template, judge: Judge): Promise<string[]> {
  const { KmsMasterKeyId: resource } = template.Resources['SendsQueue']?.Properties ?? {};
  if (typeof resource !== 'string') return ['no template has a key of its own'];
  const policies = identityPolicies(template);
  const asked = Object.entries(needed).flatMap(([policy, byService]) =>
    Object.entries(byService).flatMap(([service, actions]) =>
      [...readsAndWrites, ...forNobody].map((action) => ({
        policy,
        service,
        isNeeded: actions.includes(action),
        need: { action, resource, context: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
      })),
    ),
  );
  const verdicts = await judge(asked, policies);
  return asked
    .filter(({ isNeeded }, index) => verdicts[index]?.allowed !== isNeeded)
    .map(
      ({ policy, service, isNeeded, need: { action } }) =>
        `${policy} ${isNeeded ? 'may not' : 'may'} ${action} on its own key through ${service}`,
    );
}
