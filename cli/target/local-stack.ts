import { readState } from '../../local/stack/state-file.ts';
import { createAwsClients } from './aws-clients.ts';
import { createTarget, type Target } from './target.ts';

/** The stack that `relay dev` runs from this folder; undefined when there is none. */
export async function localTarget(projectRoot: string): Promise<Target | undefined> {
  const state = await readState(projectRoot);
  if (state === undefined) return undefined;
  const { region, stage, awsUrl, connectlyUrl, businessId } = state;
  // An output that is named below wins over these: the state says where the webhook really listens.
  const outputs = { ...state.outputs, WebhookUrl: state.webhookUrl };
  return createTarget({
    kind: 'local',
    name: 'the local stack',
    options: '--local',
    stage,
    region,
    outputs,
    businessId,
    connectlyBaseUrl: connectlyUrl,
    aws: createAwsClients({
      region,
      endpoint: awsUrl,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      // With such an endpoint in the environment, the SDK would refuse one that is given.
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
    }),
  });
}
