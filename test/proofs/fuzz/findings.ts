import { type Figure, none } from '../harness/figures.ts';

/** What must never happen, in the words in which it is printed. */
export const findingNames = [
  'forgeries accepted',
  'valid requests refused',
  'crashes',
  'answers of 5xx to bad input',
  'other wrong answers',
  'answered 200 without queueing once',
  'queued without answering 200',
  'queued bodies that SQS refuses',
  'vendor bytes changed',
  'envelopes with a wrong id, topic or time',
  'ids that differ for the same bytes',
  'secrets read for a malformed signature',
  'changed built-in objects',
  'changed pairs not refused',
  'code points lost',
  'judges that throw',
  'verdicts that differ',
  'requests of valid messages that the fake refuses',
] as const;

export type FindingName = (typeof findingNames)[number];

export interface Finding {
  readonly name: FindingName;
  readonly detail: string;
}

export interface Findings {
  add(name: FindingName, detail: string): void;
  count(name: FindingName): number;
  total(): number;
  /** The first few, for whoever looks into them. */
  examples(): readonly Finding[];
}

const examplesOfEach = 3;

export function createFindings(): Findings {
  const counts = new Map<FindingName, number>();
  const kept: Finding[] = [];
  return {
    add(name, detail) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      if (count <= examplesOfEach) kept.push({ name, detail });
    },
    count: (name) => counts.get(name) ?? 0,
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    examples: () => kept,
  };
}

export function figuresOf(findings: Findings): readonly Figure[] {
  return findingNames.map((name) => none(name, findings.count(name)));
}
