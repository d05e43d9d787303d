import { examineWithRelay } from './cli-doctor.ts';
import { examineFaultsWithRelay } from './cli-faults.ts';
import { followWithRelay, queueFileWithRelay } from './cli-messages.ts';
import { beginRotationWithRelay, finishRotationWithRelay, replaceKeyWithRelay } from './cli-secrets.ts';
import { registerWithRelay, simulateWithRelay, verifyWithRelay } from './cli-webhook.ts';
import { startOtherAnswers } from './other-answers.ts';
import { relayCommand } from './relay-command.ts';
import type { RunningStage } from './running-stage.ts';

/** Types every command that needs the functions, or Connectly, at the stage while it runs. */
export async function useRunningStage(
  place: Omit<RunningStage, 'relay'> & {
    readonly stage: string;
    readonly signal: AbortSignal;
    readonly hasDashboard: boolean;
    /** The addresses that the stack's outputs name, and what is there in their place. */
    readonly addresses: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const { deployment, addresses, stage, signal, hasDashboard } = place;
  const { report, endpoint } = deployment;
  report.step('The command line, at the deployed stage while its functions run');
  const outputs = await startOtherAnswers(endpoint, addresses);
  for (const [from, to] of addresses)
    report.substituted(`the stack's outputs name ${to} to the command line, in the place of ${from}`);
  try {
    const environment = { AWS_ENDPOINT_URL_CLOUDFORMATION: outputs.url };
    const relay = relayCommand(deployment, { stage, signal, environment });
    const running: RunningStage = { ...place, relay };
    await verifyWithRelay(running);
    const rotation = await beginRotationWithRelay(running);
    await followWithRelay(running);
    await queueFileWithRelay(running);
    await registerWithRelay(running);
    await simulateWithRelay(running);
    await replaceKeyWithRelay(running);
    await finishRotationWithRelay(running, rotation);
    await examineWithRelay(running);
    // Only where there is a dashboard is it missed.
    if (hasDashboard) await examineFaultsWithRelay(running, { stage, signal });
  } finally {
    await outputs.close();
  }
}
