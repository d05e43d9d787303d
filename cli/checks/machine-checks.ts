import { CommandError, configurationError, proxyHint, systemReason } from '../errors.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** AWS refuses requests whose time is off by more than 5 minutes: that must stay far. In milliseconds. */
const harmlessSkewMs = 30_000;
const maximumSkewMs = 4 * 60_000;

/** The oldest Node that this runs on: package.json says so. */
const oldestNode = [20, 19] as const;

function unanswered(error: unknown): never {
  if (error instanceof CommandError) throw error;
  throw configurationError(
    'webhook-unreachable',
    `The address of the webhook does not answer${systemReason(error)}. Look at the network. ${proxyHint}`,
    { cause: error },
  );
}

export function nodeCheck(version: string = process.versions.node): Check {
  return {
    name: 'node',
    remedy: 'nvm install 24',
    async run() {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const [oldestMajor, oldestMinor] = oldestNode;
      const isOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
      return isOld
        ? failed(`Node ${version} is too old: ${oldestNode.join('.')} at least.`)
        : ok(`Node ${version}`);
    },
  };
}

/** `dateOf` resolves to the Date header of a server whose clock is right. */
export function clockCheck(
  dateOf: (signal: AbortSignal) => Promise<string | null>,
  now: () => number,
): Check {
  return {
    name: 'clock',
    remedy: 'sudo timedatectl set-ntp true',
    async run(signal) {
      const date = Date.parse((await dateOf(signal).catch(unanswered)) ?? '');
      if (Number.isNaN(date))
        return warning('Not known: the address of the webhook does not say what time it is.', {
          remedy: 'date -u',
        });
      const skewMs = Math.abs(now() - date);
      const text = `This clock and that of the webhook are ${Math.round(skewMs / 1000)} s apart.`;
      if (skewMs > maximumSkewMs) return failed(`${text} AWS refuses more than 5 minutes.`);
      return skewMs > harmlessSkewMs ? warning(text) : ok(text);
    },
  };
}
