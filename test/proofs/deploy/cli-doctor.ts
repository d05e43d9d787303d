import type * as z from 'zod';
import type { reportSchema } from '../../../cli/checks/report.ts';
import { doctor } from '../../../cli/doctor/doctor.ts';
import { pause } from '../../../cli/pause/pause.ts';
import { preflight } from '../../../cli/preflight/preflight.ts';
import { resume } from '../../../cli/resume/resume.ts';
import { status } from '../../../cli/status/status.ts';
import { webhookRegister } from '../../../cli/webhook/register.ts';
import { switchMappings } from './deployment.ts';
import type { RelayEnd } from './relay-command.ts';
import type { RunningStage } from './running-stage.ts';

const elsewhere = 'https://example.com/another-stage';

/**
 * Examines the stage with the command line: healthy, with two faults, and mended. The mappings are as before when it
 * ends. Nothing may be sent meanwhile: with an enabled mapping moto would look for Docker.
 */
export async function examineWithRelay({ deployment, relay }: RunningStage): Promise<void> {
  const { report, region } = deployment;
  await switchMappings(deployment, '--enabled');

  const healthy = await relay(doctor, ['doctor']);
  report.equal(
    'relay doctor finds nothing at the deployed stage',
    [healthy.exitCode, troubles(healthy), (healthy.results[0]?.checks.length ?? 0) > 11],
    [0, {}, true],
  );
  await relay(pause, ['pause']);
  const astray = ['--topic', 'messages', '--address', elsewhere];
  await relay(webhookRegister, ['webhook', 'register', ...astray, '--replace']);
  const ill = await relay(doctor, ['doctor']);
  const options = `--stage test --region ${region}`;
  report.equal(
    '... and two planted faults, each with its remedy',
    [ill.exitCode, ill.error, troubles(ill)],
    [
      3,
      'unhealthy',
      {
        sending: `failed: npx relay resume ${options}`,
        registrations: `failed: npx relay webhook register --replace ${options}`,
      },
    ],
  );
  const seen = await relay(status, ['status']);
  report.equal(
    'relay status tells both, too',
    [
      seen.exitCode,
      seen.results[0]?.sending,
      seen.results[0]?.webhooks?.map(({ topic, points }) => `${topic} ${points}`),
    ],
    [0, 'Disabled', ['messages elsewhere', 'delivery_status here']],
  );
  await relay(resume, ['resume']);
  await relay(webhookRegister, ['webhook', 'register', '--replace']);
  const mended = await relay(doctor, ['doctor']);
  report.equal('... and is content after them', [mended.exitCode, troubles(mended)], [0, {}]);
  await switchMappings(deployment, '--no-enabled');

  const next = await relay(preflight, ['preflight']);
  report.equal(
    'relay preflight finds nothing in the way of the next deployment, and that it needs --region and onlyTo',
    [next.exitCode, Object.keys(troubles(next))],
    [0, ['region', 'package']],
  );
}

/** Moto says no quota, judges no policy and has no API that would log; nobody is to hear of this stage's alarms. */
const notHere = ['concurrency', 'permissions', 'access-log', 'alarm-email'];

/** The checks that are not well, with their remedies; but for `others`. */
export function troubles(
  { results }: Pick<RelayEnd<z.infer<typeof reportSchema>>, 'results'>,
  others: readonly string[] = notHere,
): Record<string, string> {
  const checks = results.flatMap(({ checks: each }) => each);
  return Object.fromEntries(
    checks
      .filter(({ check, verdict }) => verdict !== 'ok' && !others.includes(check))
      .map(({ check, verdict, remedy }) => [check, `${verdict}: ${remedy}`]),
  );
}
