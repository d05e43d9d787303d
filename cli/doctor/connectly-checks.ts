import { RelayError } from '../../lib/errors.ts';
import { type Check, type Finding, failed, ok, warning } from '../checks/check.ts';
import { CommandError, ConnectlyError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import { withBusinessWebhooks } from '../webhook/business-webhooks.ts';
import { neededTopics, standingsOf } from '../webhook/registrations.ts';
import { roundTrip, testTopic } from '../webhook/round-trip.ts';
import { secretChecks } from './secret-checks.ts';

/** Looking for the test event ends before the check's own deadline. In milliseconds. */
const usualRoundTripMs = 4000;

export interface ConnectlyChecksOptions {
  /** The business; undefined when nobody has named one. */
  readonly businessId: string | undefined;
  /** Whether a signed test event may be sent. */
  readonly withTestEvent: boolean;
  /** How long to look for it, in milliseconds; 4 seconds unless given. */
  readonly roundTripMs?: number;
}

/** Whether the stage and Connectly know each other: secrets, key, registrations, and a signed event. */
export function connectlyChecks(
  target: Target,
  { businessId, withTestEvent, roundTripMs = usualRoundTripMs }: ConnectlyChecksOptions,
): Check[] {
  const { options } = target;
  const list = async (business: string, signal: AbortSignal) =>
    withBusinessWebhooks(target, { businessId: business, signal }, (webhooks) => webhooks.list());
  const noBusiness = warning('Nothing names a business: --business BUSINESS_ID', {
    remedy: `npx relay doctor --business BUSINESS_ID ${options}`,
  });
  const setKey = `npx relay secrets set api-key ${options}`;
  return [
    ...secretChecks(target, businessId),
    {
      name: 'key-accepted',
      remedy: setKey,
      async run(signal) {
        if (businessId === undefined) return noBusiness;
        return unlessAway(options, () =>
          unlessWithoutKey(setKey, async () => {
            await list(businessId, signal);
            return ok('Connectly accepts the key');
          }),
        );
      },
    },
    {
      name: 'registrations',
      // Where it is not known what they are, nothing is to be taken over.
      remedy: `npx relay webhook status ${options}`,
      async run(signal) {
        if (businessId === undefined) return noBusiness;
        return unlessAway(options, () => registrationsOf(businessId, signal));
      },
    },
    ...(withTestEvent ? [roundTripCheck(target, roundTripMs)] : []),
  ];

  function registrationsOf(business: string, signal: AbortSignal): Promise<Finding> {
    return unlessWithoutKey(setKey, async () => {
      const address = target.output('WebhookUrl');
      const webhooks = await listUnlessRefused(() => list(business, signal));
      if (webhooks === undefined) return warning('Not known: Connectly refuses the key.', { remedy: setKey });
      const wrong = standingsOf(webhooks, { wanted: neededTopics, address }).filter(
        ({ points }) => points !== 'here',
      );
      if (wrong.length === 0) return ok('Messages and delivery statuses come here');
      const replace = wrong.some(({ points }) => points === 'elsewhere') ? ' --replace' : '';
      return failed(
        wrong
          .map(({ topic, address: to }) => `"${topic}" points ${to === undefined ? 'nowhere' : `to ${to}`}.`)
          .join(' '),
        { remedy: `npx relay webhook register${replace} ${options}` },
      );
    });
  }
}

function roundTripCheck(target: Target, patienceMs: number): Check {
  return {
    name: 'round-trip',
    remedy: `npx relay webhook test ${target.options}`,
    run: (signal) =>
      unlessWithoutSecret(async () => {
        const { foundIn, behindOthers, answeredInMs } = await roundTrip(target, { patienceMs, signal });
        const text = `A signed event was answered with 200 after ${answeredInMs} ms`;
        const left = `More events wait than were looked at: consumers will see one event of topic ${testTopic}`;
        if (foundIn === undefined)
          return warning(
            `${text}, and was not seen on the queue or in the log yet.${behindOthers ? ` ${left}.` : ''}`,
          );
        return ok(`${text}, and was queued${behindOthers ? `. ${left}` : ''}`);
      }),
  };
}

/** A Connectly that is broken or overloaded says nothing about the key, and nobody here can mend it. */
async function unlessAway(options: string, run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    const status = error instanceof ConnectlyError ? error.status : undefined;
    if (status === undefined || (status < 500 && status !== 408 && status !== 429)) throw error;
    return failed(
      `Connectly answers ${status}: the trouble is there, not with the key. What waits is sent afterwards.`,
      {
        remedy: `npx relay status ${options}`,
      },
    );
  }
}

/** What cannot be known without the key: what to do is what the check of the key itself says. */
function unlessWithoutKey(remedy: string, run: () => Promise<Finding>): Promise<Finding> {
  return unless(
    ['secret-not-set', 'secret-invalid', 'no-key-for-business'],
    warning('Not known: there is no key.', { remedy }),
    run,
  );
}

function unlessWithoutSecret(run: () => Promise<Finding>): Promise<Finding> {
  return unless(['secret-not-set', 'secret-invalid'], warning('Not tried: there is no webhook secret.'), run);
}

async function unless(
  codes: readonly string[],
  known: Finding,
  run: () => Promise<Finding>,
): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    const isKnown = error instanceof RelayError || error instanceof CommandError;
    if (isKnown && codes.includes(error.code)) return known;
    throw error;
  }
}

async function listUnlessRefused<Listed>(list: () => Promise<Listed>): Promise<Listed | undefined> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof ConnectlyError && (error.status === 401 || error.status === 403)) return undefined;
    throw error;
  }
}
