/** A mutant that no test beside its module can or should tell apart, and why. */
export interface ExplainedSurvivor {
  readonly file: string;
  /** The source line that it is on, without the blanks around it. */
  readonly line: string;
  /** What was replaced, and by what. */
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

const awaited = 'Whoever calls it awaits what it returns: undefined is awaited like a promise of it.';
const unique = 'Each request has a ticket of its own: the two are never equal.';
const forDevelopers = 'Its text is for developers: callers and tests go by the code or the class.';
const onlyMemory = 'The sums are the same: what is not merged or dropped costs memory only.';

const deliveryFile = (name: string) => `lib/delivery/${name}.ts`;

export const explainedSurvivors: readonly ExplainedSurvivor[] = [
  {
    file: deliveryFile('log-lines'),
    line: "...(outcome.kind === 'accepted' && outcome.vendorId !== undefined && { vendorId: outcome.vendorId }),",
    original: "outcome.kind === 'accepted'",
    replacement: 'true',
    reason: 'Only an accepted outcome has a vendorId; the comparison is for the types.',
  },
  {
    file: deliveryFile('dispatch/breaker'),
    line: 'let recent: Second[] = [];',
    original: '[]',
    replacement: '["Stryker was here"]',
    reason: 'A text has no second, so the first result drops it as too old.',
  },
  {
    file: deliveryFile('dispatch/breaker'),
    line: 'const last = recent.at(-1);',
    original: '-1',
    replacement: '+1',
    reason: onlyMemory,
  },
  {
    file: deliveryFile('dispatch/breaker'),
    line: 'if (last?.number === number) return last;',
    original: 'last?.number === number',
    replacement: 'false',
    reason: onlyMemory,
  },
  {
    file: deliveryFile('ledger/ledger'),
    line: '{ stored: undefined },',
    original: '{ stored: undefined }',
    replacement: '{}',
    reason: 'Both say that nothing is assumed to be stored.',
  },
  {
    file: deliveryFile('ledger/ledger'),
    line: "return { kind: 'not-sent', code, ours: true, ...(fault !== undefined && { fault }) };",
    original: 'fault !== undefined',
    replacement: 'true',
    reason: 'A field that is undefined is left out of a log line like one that is not there.',
  },
  {
    file: deliveryFile('ledger/ledger'),
    line: 'return { granted: false, outcome, finish: () => Promise.resolve() };',
    original: '() => Promise.resolve()',
    replacement: '() => undefined',
    reason: awaited,
  },
  {
    file: deliveryFile('deliver'),
    line: "const isUnknown = claimed.isInDoubt && outcome.kind === 'refused' && outcome.code === expired.code;",
    original: "outcome.kind === 'refused'",
    replacement: 'true',
    reason: 'Only a refusal has the code "expired"; the comparison is for the types.',
  },
  {
    file: deliveryFile('deliver'),
    line: 'return { outcome, finish: () => Promise.resolve() };',
    original: '() => Promise.resolve()',
    replacement: '() => undefined',
    reason: awaited,
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "if (judgement.connectly === 'good') window.answered(ticket);",
    original: "judgement.connectly === 'good'",
    replacement: 'true',
    reason: 'After a trial that failed, the window is reopened before anything else may start.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "case 'nothing':",
    original: "'nothing'",
    replacement: '""',
    reason: 'The case does nothing, and so does a health that has no case.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: 'if (time < last) behindMs += last - time;',
    original: 'time < last',
    replacement: 'time <= last',
    reason: 'Where the two are equal, it adds 0.',
  },
  {
    file: deliveryFile('dispatch/breaker'),
    line: "return phase === 'trial' && trial !== undefined ? 'trying' : phase;",
    original: "phase === 'trial'",
    replacement: 'true',
    reason: 'There is a trial in that state only; the comparison says so to the reader.',
  },
  {
    file: deliveryFile('dispatch/breaker'),
    line: "heeds: (ticket) => ticket > lastTrial && phase === 'closed',",
    original: 'ticket > lastTrial',
    replacement: 'ticket >= lastTrial',
    reason: 'The last trial itself has been taken by endedTrial before anybody asks.',
  },
  {
    file: deliveryFile('ledger/ledger'),
    line: "throw new RelayError('ledger-contended', 'The ledger entry changed faster than it could be decided on.');",
    original: "'The ledger entry changed faster than it could be decided on.'",
    replacement: '""',
    reason: forDevelopers,
  },
  {
    file: deliveryFile('decode'),
    line: 'const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));',
    original: 'one < other',
    replacement: 'one <= other',
    reason: 'The keys of an object are never equal.',
  },
  {
    file: deliveryFile('dispatch/pace'),
    line: "if (!(baseRatePerSecond > 0)) throw new RangeError('The rate must be above 0.');",
    original: "'The rate must be above 0.'",
    replacement: '""',
    reason: forDevelopers,
  },
  {
    file: deliveryFile('dispatch/pace'),
    line: 'if (starts.length > mostInASecond) starts.shift();',
    original: 'starts.length > mostInASecond',
    replacement: 'false',
    reason: onlyMemory,
  },
  {
    file: deliveryFile('dispatch/pauses'),
    line: 'if (breakers.size > mostBusinesses && oldest !== undefined) breakers.delete(oldest);',
    original: 'oldest !== undefined',
    replacement: 'true',
    reason: 'A map that has too many has an oldest; the comparison is for the types.',
  },
  {
    file: deliveryFile('settle'),
    line: "if (business === undefined) return { result: 'not-ours' };",
    original: 'business === undefined',
    replacement: 'false',
    reason: 'No entry has the key of a business that is undefined: it comes to the same after a read.',
  },
  {
    file: deliveryFile('dispatch/window'),
    line: "if (!(size >= 1)) throw new RangeError('The window must have room for a request.');",
    original: "'The window must have room for a request.'",
    replacement: '""',
    reason: forDevelopers,
  },
  {
    file: deliveryFile('dispatch/window'),
    line: 'if (ticket > lastFailed) slots = Math.min(size, slots + slotsPerFailure);',
    original: 'ticket > lastFailed',
    replacement: 'ticket >= lastFailed',
    reason: unique,
  },
  {
    file: 'lib/webhook/event.ts',
    line: '} catch {',
    original: '{ return undefined; }',
    replacement: '{}',
    reason: 'A function that ends without a return gives undefined, too.',
  },
  {
    file: 'lib/webhook/request.ts',
    line: "return typeof body === 'string' ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : Buffer.alloc(0);",
    original: "'utf8'",
    replacement: '""',
    reason: 'UTF-8 is what Node takes where no encoding is named.',
  },
];
