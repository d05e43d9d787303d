import { doctor } from '../../../cli/doctor/doctor.ts';
import { freePort } from '../../support/listen.ts';
import { secretValueSchema } from './answers.ts';
import { troubles } from './cli-doctor.ts';
import { readStack, switchMappings } from './deployment.ts';
import { startOtherAnswers } from './other-answers.ts';
import { type RelayPlace, relayCommand } from './relay-command.ts';
import type { RunningStage } from './running-stage.ts';
import { putSecret } from './secrets.ts';

/**
 * Plants five faults at the deployed stage, of which `relay doctor` is to tell each: an e-mail address that nobody
 * confirmed, a small quota, quotes around a secret, no dashboard, and a proxy that is gone on the way to Connectly.
 * Everything but the subscription is as before when it ends.
 */
export async function examineFaultsWithRelay(
  { deployment, webhookUrl }: RunningStage,
  { stage, signal }: RelayPlace,
): Promise<void> {
  const { report, aws, endpoint, region } = deployment;
  const { outputs } = await readStack(deployment);
  const topic = ['--topic-arn', outputs.get('AlarmTopicArn') ?? ''];
  await aws([
    'sns',
    'subscribe',
    ...topic,
    '--protocol',
    'email',
    '--notification-endpoint',
    'ops@example.com',
  ]);
  const subscriptions = await aws(['sns', 'list-subscriptions-by-topic', ...topic]);
  const subscription: string = Object(subscriptions).Subscriptions[0].SubscriptionArn;
  const dashboard = ['--dashboard-name', `${deployment.stackName}-${region}`];
  const { DashboardBody: body } = Object(await aws(['cloudwatch', 'get-dashboard', ...dashboard]));
  const secret = outputs.get('WebhookSecretArn') ?? '';
  const stored = secretValueSchema.parse(
    await aws(['secretsmanager', 'get-secret-value', '--secret-id', secret]),
  );
  const { AccountLimit: limit } = Object(await aws(['lambda', 'get-account-settings']));
  const quota: number = limit.ConcurrentExecutions;
  const others = await startOtherAnswers(
    endpoint,
    new Map([
      [outputs.get('WebhookUrl') ?? '', webhookUrl],
      [subscription, 'PendingConfirmation'],
      [`"ConcurrentExecutions": ${quota}`, '"ConcurrentExecutions": 10'],
    ]),
  );
  report.substituted(
    'an e-mail address is told to be unconfirmed as AWS tells it, and the quota to be 10, not 1000',
  );
  report.substituted(`an address is unconfirmed in AWS's own words, and the quota is 10, not ${quota}`);
  const relay = relayCommand(deployment, {
    stage,
    signal,
    environment: {
      AWS_ENDPOINT_URL_CLOUDFORMATION: others.url,
      AWS_ENDPOINT_URL_SNS: others.url,
      AWS_ENDPOINT_URL_LAMBDA: others.url,
      // A proxy that is gone.
      HTTPS_PROXY: `http://127.0.0.1:${await freePort()}`,
    },
  });
  await switchMappings(deployment, '--enabled');
  try {
    await aws(['cloudwatch', 'delete-dashboards', '--dashboard-names', dashboard[1] ?? '']);
    await putSecret(deployment, secret, `'${stored.SecretString}'`);
    const seen = await relay(doctor, ['doctor']);
    const options = `--stage ${stage} --region ${region}`;
    const past =
      'Correct HTTPS_PROXY, or leave it out. To go to api.connectly.ai without it: NO_PROXY=api.connectly.ai';
    report.equal(
      'relay doctor names five planted faults, each with its remedy',
      // The others that are not well here are so without a fault, too: no API that would log, nobody who judges policies.
      [seen.exitCode, troubles(seen, ['permissions', 'access-log'])],
      [
        3,
        {
          concurrency: `warning: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ${region}`,
          'alarm-email': `warning: Follow the link in the e-mail "AWS Notification - Subscription Confirmation". To get it again: aws sns subscribe --topic-arn ${topic[1]} --protocol email --notification-endpoint ADDRESS --region ${region}`,
          dashboard: `failed: npx serverless deploy ${options}`,
          'webhook-secrets': `failed: npx relay secrets set webhook-secrets ${options}`,
          'key-accepted': `failed: ${past}`,
          registrations: `failed: ${past}`,
        },
      ],
    );
  } finally {
    await putSecret(deployment, secret, stored.SecretString);
    await aws(['cloudwatch', 'put-dashboard', ...dashboard, '--dashboard-body', body]);
    await switchMappings(deployment, '--no-enabled');
    await others.close();
  }
}
