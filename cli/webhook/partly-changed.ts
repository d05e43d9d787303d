import { failureOf, partlyDoneError } from '../errors.ts';

export interface TellingOptions {
  readonly wanted: readonly string[];
  /** What to type to see where the topics point. */
  readonly look: string;
}

/**
 * Passes on what happened to each topic. When a failure comes after a change, rejects with one that says what Connectly
 * has changed and what not, and ends with `partly done`; an earlier failure is passed on as it is.
 */
export async function* tellingWhatChanged<Result extends { readonly action: string; readonly topic: string }>(
  results: AsyncGenerator<Result>,
  { wanted, look }: TellingOptions,
): AsyncGenerator<Result> {
  const done: Result[] = [];
  try {
    for await (const result of results) {
      done.push(result);
      yield result;
    }
  } catch (cause) {
    const changed = done.filter(({ action }) => action !== 'unchanged');
    if (changed.length === 0) throw cause;
    const left = wanted.filter((topic) => done.every((result) => result.topic !== topic));
    const { code, message } = failureOf(cause);
    // Where no answer came, or one that says nothing, the change may have been made all the same.
    const unconfirmed = left.length === 0 ? '' : `, and has confirmed no change of ${inWords(left)}`;
    throw partlyDoneError(
      code,
      `${message}\nConnectly has changed ${inWords(changed.map(({ topic }) => topic))}${unconfirmed}. Where they point now: ${look}. Then run this again.`,
      { cause },
    );
  }
}

function inWords(topics: readonly string[]): string {
  return topics.map((topic) => `topic "${topic}"`).join(' and ');
}
