import { describe, expect, it } from 'vitest';
import { environmentBytes, environmentProblems } from '../../../resources/environment.ts';

const none = new Map();

describe('The variables of a function', () => {
  it('are measured as Lambda measures them: as JSON, and in bytes', () => {
    expect(environmentBytes({ A: 'ä"', B: 1, C: '' })).toBe(Buffer.byteLength('{"A":"ä\\"","B":"1","C":""}'));
  });

  it('count with what they refer to at its longest, which packaging does not know', () => {
    const arn = `arn:aws-us-gov:secretsmanager:ap-southeast-5:123456789012:secret:connectly-relay/${'s'.repeat(32)}/webhook-secrets-AbCdEf`;

    expect(environmentBytes({ A: { Ref: 'WebhookSecret' } })).toBeGreaterThanOrEqual(
      environmentBytes({ A: arn }),
    );
  });

  it('may fill the 4,096 bytes that Lambda takes, and not one more', () => {
    const fits = { ONLY_TO: 'x'.repeat(4096 - '{"ONLY_TO":""}'.length) };
    const one = { ONLY_TO: `${fits.ONLY_TO}x` };

    expect(environmentProblems({ sendMessage: fits }, none)).toEqual([]);
    expect(environmentProblems({ sendMessage: one }, none)).toEqual([
      'The variables of sendMessage are 4097 bytes together, and Lambda takes 4096: ONLY_TO alone is 4083. Name fewer recipients in onlyTo.',
    ]);
  });

  it('are those of serverless.yml, with what the settings say in them', () => {
    const settings = new Map([['onlyTo', { value: 'x'.repeat(5000), place: '' }]]);

    const problems = environmentProblems({ sendMessage: { ONLY_TO: '${param:onlyTo}' } }, settings);

    expect(problems).toEqual([expect.stringContaining('ONLY_TO alone is 5000. Name fewer')]);
  });

  it('that are too many are told by the longest', () => {
    const problems = environmentProblems({ receiveWebhook: { STAGE: 'dev', OWN: 'x'.repeat(5000) } }, none);

    expect(problems).toEqual([expect.stringMatching(/receiveWebhook .* OWN alone is 5000\. Shorten it/)]);
  });
});
