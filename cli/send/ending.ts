import { CommandError, type ExitCode, exitCodes } from '../errors.ts';
import type { Followed } from './follow.ts';

/** The error that a command ends with after following a message; undefined when all went well. */
export function endingOf(
  { ended, last, furthest }: Followed,
  limitSeconds: number,
  /** The options that name where the commands act. */
  place: string,
): CommandError | undefined {
  const code = last?.code ?? ended;
  const more = last?.code === undefined ? '' : ` More: npx relay explain ${last.code}`;
  switch (ended) {
    case 'reached':
    case 'duplicate':
      return undefined;
    case 'refused':
      return error(refuser(code), code, `The message was refused: ${last?.meaning ?? `${code}.`}${more}`);
    case 'failed':
      return error(
        exitCodes.refusedByConnectly,
        'delivery-failed',
        'Connectly could not deliver the message. Why stands in the event on the events queue, under statusUpdate.error.',
      );
    case 'unclear':
      return error(
        exitCodes.partlyDone,
        code,
        'Nobody can know yet whether Connectly accepted the message. A delivery status settles it, or it goes to the sends DLQ as outcome-unknown. More: npx relay explain outcome-unknown',
      );
    case 'time-limit':
      return furthest === 'delivered' ? undefined : error(exitCodes.partlyDone, 'not-known', unknownYet());
  }

  function unknownYet(): string {
    const waited = `after ${limitSeconds} s. To wait longer: --limit 5m`;
    if (furthest !== undefined) {
      return `The message was ${furthest}, and no more is known ${waited}. Statuses come only while the topic delivery_status points here: npx relay webhook register --topic delivery_status ${place}`;
    }
    if (last?.step === 'unclear')
      return `Nobody can know whether Connectly accepted the message (${code}), and no more is known ${waited}.${more}`;
    if (last !== undefined)
      return `The message has not been sent yet (${code}); it is tried again. No more is known ${waited}.${more}`;
    return `The message is queued, and no attempt to send it has been logged ${waited}`;
  }
}

function error(exitCode: ExitCode, code: string, message: string): CommandError {
  return new CommandError(exitCode, code, message);
}

/** Connectly's own codes and HTTP statuses, or a reason on our side. */
function refuser(code: string): ExitCode {
  return /^(ERROR_CODE_|connectly-)/.test(code) ? exitCodes.refusedByConnectly : exitCodes.configuration;
}
