// What a function can answer to a batch, and what Lambda deletes then, by its documentation of partial batch responses.
import type { Random } from '../harness/random.ts';

export interface ResponseShape {
  readonly name: string;
  readonly payload: string;
  /** Ids that stay on the queue. */
  readonly stay: ReadonlySet<string>;
}

/** An answer in one of all shapes. `ids` are those of the batch; there is at least one. */
export function responseShape(ids: readonly string[], random: Random): ResponseShape {
  const all = new Set(ids);
  const none = new Set<string>();
  const some = new Set(ids.filter(() => random.chance(0.5)));
  const one = random.pick(ids);
  const shapes: readonly (readonly [string, string, ReadonlySet<string>])[] = [
    ['some ids', failures(entries(some)), some],
    ['some ids twice', failures([...entries(some), ...entries(some)]), some],
    ['every id', failures(entries(ids)), all],
    ['an empty list', failures([]), none],
    ['a null list', failures(null), none],
    ['an empty object', '{}', none],
    ['other members only', '{"statusCode":500}', none],
    ['null', 'null', none],
    ['nothing', '', none],
    ['blanks', ' \n', none],
    ['an unknown id', failures(entries([...some, 'unknown'])), all],
    ['an empty id', failures(entries([one, ''])), all],
    ['a null id', failures([{ itemIdentifier: null }]), all],
    ['an id that is a number', failures([{ itemIdentifier: 1 }]), all],
    ['a misspelt member', failures([{ itemIdentifer: one }]), all],
    ['an entry without members', failures([{}]), all],
    ['an entry that is null', failures([null]), all],
    ['an entry that is a text', failures([one]), all],
    ['a list that is an object', failures({ itemIdentifier: one }), all],
    ['a list that is a text', failures(one), all],
    ['a text', JSON.stringify('ok'), all],
    ['a list', JSON.stringify(entries(ids)), all],
    ['true', 'true', all],
    ['half of a response', '{"batchItemFailures":[', all],
    ['no JSON', 'undefined', all],
  ];
  const [name, payload, stay] = random.pick(shapes);
  return { name, payload, stay };
}

const entries = (named: Iterable<string>) => Array.from(named, (itemIdentifier) => ({ itemIdentifier }));
const failures = (list: unknown) => JSON.stringify({ batchItemFailures: list });
