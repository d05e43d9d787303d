import { serveStaleMs } from '../../../lib/secrets/cache.ts';
import type { Figure } from '../harness/figures.ts';
import type { KeyReport, KeyScene } from './key-rotations.ts';
import type { OutageReport } from './webhook-outage.ts';
import type { WebhookReport, WebhookScene } from './webhook-rotations.ts';

/** A probe and a trial for every 15 s and more between two rotations. */
const mostProbes = 16;

const none = (name: string, value: number): Figure => ({ name, value, atMost: 0 });

export function webhookFigures(report: WebhookReport, { health }: WebhookScene): readonly Figure[] {
  return [
    none('valid events refused', report.validRefused),
    none('valid events that were never accepted', report.validGivenUp),
    none('valid events acknowledged but missing', report.validMissing),
    none('forged events accepted', report.forgedAccepted),
    none('accepted with a removed secret after its window', report.removedAcceptedLate),
    none('refreshes less than 30 s after the one before', report.hastyFetches),
    { name: 'requests signed with a removed secret', value: report.removed, atLeast: 1 },
    ...(health === 'up' ? [none('valid events asked to come again', report.validAskedAgain)] : []),
  ];
}

/** What everybody must be answered; every answer besides is a miss. */
const rightAnswers = {
  cold: ['valid: 503', 'forged: 503', 'malformed: 401'],
  stale: ['valid: 200', 'forged: 503', 'malformed: 401'],
  tooOld: ['valid: 503', 'forged: 503', 'malformed: 401'],
  back: ['valid: 200', 'forged: 401', 'malformed: 401'],
} as const;

const whenItIs = {
  cold: 'never had a secret',
  stale: 'had it within a day',
  tooOld: 'had it more than a day ago',
  back: 'has it again',
} as const;

export function outageFigures(report: OutageReport): readonly Figure[] {
  return (['cold', 'stale', 'tooOld', 'back'] as const).flatMap((phase) => {
    const right: readonly string[] = rightAnswers[phase];
    const wrong = Object.entries(report[phase]).filter(([answer]) => !right.includes(answer));
    const wrongs = wrong.reduce((sum, [, count]) => sum + count, 0);
    const given: readonly Figure[] = right.map((answer) => ({
      name: `${answer}, of a webhook that ${whenItIs[phase]}`,
      value: report[phase][answer] ?? 0,
      atLeast: 1,
    }));
    return [none(`wrong answers of a webhook that ${whenItIs[phase]}`, wrongs)].concat(given);
  });
}

export function keyFigures(report: KeyReport, scene: KeyScene): readonly Figure[] {
  const { health, storedAfterMs, rotates } = scene;
  const isKeyThere = health(0) === 'up' && storedAfterMs === 0;
  return [
    none('messages in the DLQ', report.deadLetters),
    none('messages not accepted', report.messages - report.acceptedOnce - report.acceptedAgain),
    none('messages accepted again', report.acceptedAgain),
    none('messages still queued', report.stillQueued),
    none(
      'requests begun with a key known to be refused, though a newer one had been read',
      report.begunInVain,
    ),
    none('requests of an instance that had never read a key', report.withoutKey),
    none('refreshes less than 30 s after the one before', report.hastyFetches),
    {
      name: 'longest time that a key was used after it was last read, in seconds',
      value: Math.ceil(report.longestStaleMs / 1000),
      atMost: serveStaleMs / 1000,
    },
    ...(rotates ? rotationFigures(report, isKeyThere) : []),
    ...(scene.name === 'key-outage'
      ? [
          {
            name: 'seconds for which a key was used at least while Secrets Manager was away',
            value: Math.floor(report.longestStaleMs / 1000),
            atLeast: serveStaleMs / 1000 - 120,
          },
        ]
      : []),
  ];
}

function rotationFigures(report: KeyReport, isKeyThere: boolean): readonly Figure[] {
  return [
    { name: 'rotations in mid-batch', value: report.inMidBatch, atLeast: report.rotations },
    {
      // Requests under way at that moment meet one each; without a newer key, those too that waited for it, and probes.
      name: '401s of one instance at one rotation',
      value: report.mostUnauthorized,
      atMost: isKeyThere ? report.window : 2 * report.window + mostProbes,
    },
    ...(isKeyThere
      ? [
          none('requests begun with a key known to be refused', report.begunForWantOfKey),
          none('messages that went back to the queue', report.cameBack),
        ]
      : []),
  ];
}
