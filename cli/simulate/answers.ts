import { CommandError, configurationError, exitCodes } from '../errors.ts';

/** The error that answers come to; undefined when each is what it should be. */
export function verdictOn(
  answers: readonly { readonly status: number }[],
  { badSignature }: { badSignature: boolean },
): CommandError | undefined {
  const expected = badSignature ? 401 : 200;
  const wrong = answers.filter(({ status }) => status !== expected);
  const [first] = wrong;
  if (first === undefined) return undefined;
  const message = `${countOf(wrong.length, answers.length)} ${first.status} instead of ${expected}. ${remedyOf(first.status, badSignature)}`;
  const [code, exitCode] = badSignature
    ? (['forgery-not-refused', exitCodes.unexpected] as const)
    : (['webhook-refused', exitCodes.configuration] as const);
  const all = wrong.length === answers.length;
  return all && exitCode === exitCodes.configuration
    ? configurationError(code, message)
    : new CommandError(all ? exitCode : exitCodes.partlyDone, code, message);
}

function countOf(wrong: number, all: number): string {
  if (all === 1) return 'The answer was';
  return wrong === all ? `All ${all} answers were` : `${wrong} of ${all} answers were`;
}

function remedyOf(status: number, badSignature: boolean): string {
  if (badSignature && status === 200) return 'Whatever answers there does not check signatures.';
  switch (status) {
    case 401:
      return 'The functions know another webhook secret: a new one is taken up within 5 minutes. More: npx relay explain signature-wrong';
    case 413:
      return 'The body is over 512 KiB.';
    case 503:
      return 'The webhook secret or the events queue is unavailable: look at the log of receive-webhook. More: npx relay explain secret-unavailable';
    default:
      return 'That is not the relay: check the address.';
  }
}
