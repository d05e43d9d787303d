import type { QueryService } from '../protocols/service.ts';

/** The part of STS that tells callers who they are: here, whoever asks is the same user. */
export function createSts({ accountId }: { accountId: string }): QueryService {
  return {
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: {
      GetCallerIdentity: async () => ({
        Arn: `arn:aws:iam::${accountId}:user/local`,
        // IAM's ids of users begin like this.
        UserId: 'AIDALOCAL',
        Account: accountId,
      }),
    },
  };
}
