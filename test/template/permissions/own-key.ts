import { list, record, type Template, textsIn } from '../template.ts';
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

const services = ['sqs', 'secretsmanager', 'dynamodb'] as const;

/** What each role and policy needs of the key, by the service that asks for the key in its name. */
const needed: Readonly<Record<string, Partial<Record<(typeof services)[number], readonly string[]>>>> = {
  ReceiveWebhookRole: { sqs: sends, secretsmanager: receives },
  SendMessageRole: { sqs: sends, secretsmanager: receives, dynamodb: readsAndWrites },
  SettleSendRole: { sqs: sends, dynamodb: readsAndWrites },
  SendPolicy: { sqs: sends },
  ConsumePolicy: { sqs: receives },
};

/**
 * What is wrong with what the roles and policies of a stage with a KMS key of its own (`dataKeyArn`) allow on that key:
 * less than AWS asks for, or more; and each condition on that key that could be left out without being noticed.
 */
export async function ownKeyProblems(template: Template, judge: Judge): Promise<string[]> {
  const { KmsMasterKeyId: resource } = template.Resources['SendsQueue']?.Properties ?? {};
  if (typeof resource !== 'string') return ['no template has a key of its own'];
  const policies = identityPolicies(template);
  const problems = await keyProblems(policies, resource, judge);
  if (problems.length > 0) return problems;
  const unnoticed = await Promise.all(
    Object.entries(policies).flatMap(([id, policy]) =>
      withoutConditions(policy).map(async (faulty) => {
        const found = await keyProblems({ ...policies, [id]: faulty }, resource, judge);
        return found.length > 0 ? [] : [`nobody notices a condition on the key that ${id} lacks`];
      }),
    ),
  );
  return unnoticed.flat();
}

async function keyProblems(
  policies: Readonly<Record<string, object>>,
  resource: string,
  judge: Judge,
): Promise<string[]> {
  const asked = Object.entries(needed).flatMap(([policy, byService]) =>
    [...services, undefined].flatMap((service) =>
      [...readsAndWrites, ...forNobody].map((action) => ({
        policy,
        service,
        isNeeded: service !== undefined && byService[service]?.includes(action) === true,
        need: { action, resource, context: contextOf(service) },
      })),
    ),
  );
  const verdicts = await judge(asked, policies);
  return asked
    .filter(({ isNeeded }, index) => verdicts[index]?.allowed !== isNeeded)
    .map(
      ({ policy, service, isNeeded, need: { action } }) =>
        `${policy} ${isNeeded ? 'may not' : 'may'} ${action} on its own key ${service === undefined ? 'itself' : `through ${service}`}`,
    );
}

/** Whoever calls KMS directly has no such key in the request. */
function contextOf(service: string | undefined): Record<string, string> {
  return service === undefined ? {} : { 'kms:ViaService': `${service}.${region}.amazonaws.com` };
}

/** The policy as often as it has a condition on the key, each time without one of them. */
function withoutConditions(policy: object): object[] {
  const { Statement: statements, ...rest } = record(policy);
  const all = list(statements).map(record);
  return all.flatMap((faulty, index) => {
    if (!textsIn(faulty['Action']).some((action) => action.startsWith('kms:'))) return [];
    const { Condition: _, ...unconditional } = faulty;
    return [{ ...rest, Statement: all.with(index, unconditional) }];
  });
}
