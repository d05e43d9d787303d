import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsClients } from '../target/aws-clients.ts';

/** Who asks. */
export interface Identity {
  readonly arn: string;
  readonly account: string;
  /** `aws`, or that of China or GovCloud. */
  readonly partition: string;
}

export async function whoAsks(aws: AwsClients, signal: AbortSignal): Promise<Identity> {
  const client = await aws.sts();
  const { Arn: arn = '', Account: account = '' } = await client.send(new GetCallerIdentityCommand({}), {
    abortSignal: signal,
  });
  return { arn, account, partition: arn.split(':')[1] ?? 'aws' };
}

/**
 * The user or role whose policies count for who asks: a session stands for its role. Undefined for the root user, whom
 * nobody refuses anything, and for sessions without a role.
 */
export function principalOf({ arn, account, partition }: Identity): string | undefined {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role !== undefined) return `arn:${partition}:iam::${account}:role/${role}`;
  return arn.includes(':user/') ? arn : undefined;
}
