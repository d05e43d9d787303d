// Judges of messages with one defect each: one that throws, or that knows more, or less, than the others.

import type { FindingName } from './findings.ts';
import { type Judges, judges } from './message-judges.ts';

interface BrokenJudge {
  readonly shows: FindingName;
  readonly judges: Judges;
}

export const brokenJudges: Readonly<Record<string, BrokenJudge>> = {
  'the sender throws at a long list': {
    shows: 'judges that throw',
    judges: {
      ...judges,
      sender(body, queuedAt) {
        // As a call does to which every problem of the list is an argument.
        if (body.includes('{},'.repeat(1000))) throw new RangeError('Maximum call stack size exceeded');
        return judges.sender(body, queuedAt);
      },
    },
  },
  'relay validate throws at null': {
    shows: 'judges that throw',
    judges: {
      ...judges,
      validate(bytes, queuedAt) {
        if (bytes.includes('"message":null')) throw new TypeError('Cannot read properties of null');
        return judges.validate(bytes, queuedAt);
      },
    },
  },
  'the fake throws at what is no object': {
    shows: 'judges that throw',
    judges: {
      ...judges,
      fake(request) {
        if (typeof request.json !== 'object') throw new TypeError('Cannot read properties of undefined');
        return judges.fake(request);
      },
    },
  },
  'relay validate takes a byte order mark off': {
    shows: 'verdicts that differ',
    judges: {
      ...judges,
      validate: (bytes, queuedAt) =>
        judges.validate(Buffer.from(bytes.toString().replace(/^\ufeff/, '')), queuedAt),
    },
  },
  'relay validate trims what is no white space in JSON': {
    shows: 'verdicts that differ',
    judges: {
      ...judges,
      validate: (bytes, queuedAt) => judges.validate(Buffer.from(bytes.toString().trimEnd()), queuedAt),
    },
  },
  'the sender overlooks a field that nobody knows': {
    shows: 'verdicts that differ',
    judges: {
      ...judges,
      sender: (body, queuedAt) =>
        judges.sender(body.replace(/,"txt":(?:null|true|0|""|\[\]|\{\})/, ''), queuedAt),
    },
  },
  'the sender takes the last of several messages': {
    shows: 'verdicts that differ',
    judges: {
      ...judges,
      sender: (body, queuedAt) => judges.sender(body.split('\n').at(-1) ?? body, queuedAt),
    },
  },
  'the fake knows no user ids': {
    shows: 'requests of valid messages that the fake refuses',
    judges: {
      ...judges,
      fake: (request) =>
        JSON.stringify(request.json)?.includes('US.1349') ? 'number' : judges.fake(request),
    },
  },
};
