import type { FakeConnectly } from '../../../local/connectly/fake-connectly.ts';
import type { Deployment } from './deployment.ts';
import type { RelayCommand } from './relay-command.ts';
import type { Credentials } from './secrets.ts';

/** The deployed stage while its functions run, and a person who types commands at it. */
export interface RunningStage {
  readonly deployment: Deployment;
  readonly relay: RelayCommand;
  readonly connectly: FakeConnectly;
  readonly webhookUrl: string;
  /** What the stage and Connectly agree on at first. */
  readonly credentials: Credentials;
}
