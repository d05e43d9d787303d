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
const undefinedIsLeftOut = 'A field that is undefined is left out of JSON like one that is not there.';
const eitherEvent =
  'An answer that breaks off has both events, and Node does not promise which: either of the two is enough.';

const keyComesFirst = 'In valid JSON, a key takes its place before a number can stand there.';
const endsWithoutReturn = 'A function that ends without a return gives undefined, too.';

const messageFile = (name: string) => `lib/message/${name}.ts`;
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
    file: deliveryFile('dispatch/gate'),
    line: "if (phase === 'closed' && closure !== undefined && now >= closure.nextTryAt) return 'due';",
    original: 'closure !== undefined',
    replacement: 'true',
    reason: 'What is closed has a closure; the comparison is for the types.',
  },
  {
    file: deliveryFile('dispatch/gate'),
    line: "return phase === 'trial' && trial !== undefined ? 'trying' : phase;",
    original: "phase === 'trial'",
    replacement: 'true',
    reason: 'There is a trial in that state only; the comparison says so to the reader.',
  },
  {
    file: deliveryFile('dispatch/gate'),
    line: "else close(closure?.cause ?? '', now);",
    original: 'closure?.cause',
    replacement: 'closure.cause',
    reason: 'Who probes has closed before; the question mark is for the types.',
  },
  {
    file: deliveryFile('dispatch/gate'),
    line: "else close(closure?.cause ?? '', now);",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'Who probes has closed before, and that had a cause.',
  },
  {
    file: deliveryFile('dispatch/gate'),
    line: 'let lastPlace = -Infinity;',
    original: '-Infinity',
    replacement: '+Infinity',
    reason: 'A gate gives places once it has closed, and closing sets it anew.',
  },
  {
    file: deliveryFile('dispatch/gate'),
    line: 'lastPlace = Math.max(lastPlace + intervalMs, closure?.nextTryAt ?? now);',
    original: 'closure?.nextTryAt',
    replacement: 'closure.nextTryAt',
    reason: 'Only a closed gate gives places; the question mark is for the types.',
  },
  {
    file: deliveryFile('dispatch/evidence'),
    line: 'if (oldest !== undefined) tickets.delete(oldest);',
    original: 'oldest !== undefined',
    replacement: 'true',
    reason: 'No message is undefined, so nothing is deleted; the comparison is for the types.',
  },
  {
    file: deliveryFile('dispatch/businesses'),
    line: "let latest = { businessId: '', ticket: 0 };",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'No business has either id.',
  },
  {
    file: deliveryFile('dispatch/businesses'),
    line: '} else if (ticket > latest.ticket) {',
    original: 'ticket > latest.ticket',
    replacement: 'ticket >= latest.ticket',
    reason: 'No two requests have one ticket.',
  },
  {
    file: deliveryFile('dispatch/businesses'),
    line: '} else if (ticket > latestOfAnother.ticket) {',
    original: 'ticket > latestOfAnother.ticket',
    replacement: 'ticket >= latestOfAnother.ticket',
    reason: 'No two requests have one ticket.',
  },
  {
    file: deliveryFile('dispatch/businesses'),
    line: 'return evidence.oldestTicket !== undefined && ticket > evidence.oldestTicket;',
    original: 'evidence.oldestTicket !== undefined',
    replacement: 'true',
    reason: 'No number is greater than undefined; the comparison is for the types.',
  },
  {
    file: deliveryFile('dispatch/businesses'),
    line: 'if (values.size > mostRemembered && oldest !== undefined) values.delete(oldest);',
    original: 'oldest !== undefined',
    replacement: 'true',
    reason: 'A map that has too many has an oldest; the comparison is for the types.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: 'if (index > 0) waiting.unshift(...waiting.splice(index, 1));',
    original: 'index > 0',
    replacement: 'index >= 0',
    reason: 'Whoever is moved from the front to the front stays there.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "if (pause === undefined) throw new Error('Only a closed gate turns away.');",
    original: 'pause === undefined',
    replacement: 'false',
    reason: 'It is never undefined there; the comparison is for the types.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "if (pause === undefined) throw new Error('Only a closed gate turns away.');",
    original: "'Only a closed gate turns away.'",
    replacement: '""',
    reason: forDevelopers,
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "let judgement: Judgement = { sign: 'nothing', code: '' };",
    original: "'nothing'",
    replacement: '""',
    reason: 'A sign that is none decides nothing, too.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "let judgement: Judgement = { sign: 'nothing', code: '' };",
    original: "{ sign: 'nothing', code: '' }",
    replacement: '{}',
    reason: 'A sign that is missing decides nothing, too.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "let judgement: Judgement = { sign: 'nothing', code: '' };",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'Nobody reads the code of what says nothing.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "if (bad === 'failing' && evidence.size >= severalOfAll) close('sending-paused', gate, code);",
    original: "bad === 'failing'",
    replacement: 'true',
    reason: 'Evidence against all is enough only at the failure that adds to it.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: 'if (closing.closure !== undefined) onTurn({ paused, isOver: false, ...closing.closure });',
    original: 'closing.closure !== undefined',
    replacement: 'true',
    reason: 'What has just closed has a closure; the comparison is for the types.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "if (verdict !== 'good' || closure === undefined) return true;",
    original: 'closure === undefined',
    replacement: 'false',
    reason: 'A gate with a trial has a closure; the comparison is for the types.',
  },
  {
    file: deliveryFile('dispatch/dispatcher'),
    line: "const { sign } = await probe(request.businessId).catch(() => ({ sign: 'nothing' as const }));",
    original: "{ sign: 'nothing' as const }",
    replacement: '{}',
    reason: 'A verdict that is missing closes the gate again, too.',
  },
  {
    file: deliveryFile('ledger/ledger'),
    line: '{ assumed: { stored: undefined } },',
    original: '{ stored: undefined }',
    replacement: '{}',
    reason: 'Both say that nothing is assumed to be stored.',
  },
  {
    file: deliveryFile('ledger/ledger'),
    line: "return { kind: 'not-sent', code, ours: true, ...(fault !== undefined && { fault }) };",
    original: 'fault !== undefined',
    replacement: 'true',
    reason: undefinedIsLeftOut,
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
    reason: endsWithoutReturn,
  },
  {
    file: 'lib/webhook/request.ts',
    line: "return typeof body === 'string' ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : Buffer.alloc(0);",
    original: "'utf8'",
    replacement: '""',
    reason: 'UTF-8 is what Node takes where no encoding is named.',
  },
  {
    file: 'lib/aws/http-handler.ts',
    line: 'for (const socket of sockets ?? []) socket.destroy();',
    original: '[]',
    replacement: '["Stryker was here"]',
    reason: 'An agent has a list for each name that it has at all; the other one is for the types.',
  },
  ...[
    { line: 'let isTooLate = false;', original: 'false', replacement: 'true' },
    ...['true', 'isTooLate || body instanceof Readable'].map((replacement) => ({
      line: 'if (isTooLate && body instanceof Readable) body.resume();',
      original: 'isTooLate && body instanceof Readable',
      replacement,
    })),
  ].map(({ line, original, replacement }) => ({
    file: 'lib/aws/http-handler.ts',
    line,
    original,
    replacement,
    reason:
      'A body begins to flow with the next turn of the loop: whom the answer is for has taken it by then.',
  })),
  {
    file: 'lib/aws/hides.ts',
    line: 'if (asked.length === 1) queueMicrotask(flush);',
    original: 'asked.length === 1',
    replacement: 'true',
    reason: 'It only saves the turns in which nothing is left that was asked for.',
  },
  {
    file: 'lib/aws/hides.ts',
    line: "cause.name = code?.split('.').at(-1) ?? '';",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'Neither is a name that the log takes for a fault.',
  },
  {
    file: 'lib/aws/ledger-table.ts',
    line: 'const until = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });',
    original: 'signal === undefined',
    replacement: 'false',
    reason: 'To the SDK, a signal that is undefined is none.',
  },
  ...[
    {
      file: 'lib/aws/ledger-table.ts',
      line: "throw new RelayError('ledger-unavailable', 'The ledger table did not answer.', { cause });",
      original: "'The ledger table did not answer.'",
    },
    {
      file: 'lib/aws/ledger-table.ts',
      line: "return new RelayError('ledger-invalid', 'An item of the ledger table is not an entry of the ledger.');",
      original: "'An item of the ledger table is not an entry of the ledger.'",
    },
    {
      file: 'lib/aws/secrets.ts',
      line: "throw new RelayError('secret-unavailable', 'Secrets Manager did not give the secret.', { cause });",
      original: "'Secrets Manager did not give the secret.'",
    },
    {
      file: 'lib/aws/hides.ts',
      line: "const cause = new Error('SQS said so.');",
      original: "'SQS said so.'",
    },
    {
      file: 'lib/aws/hides.ts',
      line: "return new RelayError('queue-unconfirmed', 'SQS did not hide a message.', { cause });",
      original: "'SQS did not hide a message.'",
    },
    ...['send-queues', 'webhook-queues'].map((name) => ({
      file: `lib/aws/${name}.ts`,
      line: "throw new RelayError('queue-unconfirmed', 'SQS answered without a message id.');",
      original: "'SQS answered without a message id.'",
    })),
  ].map(({ file, line, original }) => {
    return { file, line, original, replacement: '""', reason: forDevelopers };
  }),
  ...['vendorId', 'doubt'].map((field) => ({
    file: 'lib/aws/ledger-table.ts',
    line: `...(${field} !== undefined && { ${field} }),`,
    original: `${field} !== undefined`,
    replacement: 'true',
    reason: 'An entry whose field is undefined is written and judged like one without it.',
  })),
  {
    file: 'lib/aws/ledger-table.ts',
    line: "const [first, second] = [one, other].map((stored) => JSON.stringify(toItem('', stored)));",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'The two that are compared get the same key, whatever it is.',
  },
  {
    file: 'lib/aws/send-queues.ts',
    line: "const expiresAt = Date.parse(textOf(record, relayAttributes.expiresAt) ?? '');",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'Neither is a date.',
  },
  {
    file: 'lib/aws/sqs-record.ts',
    line: "if (typeof value !== 'string' || !/^\\d+$/.test(value)) throw new TypeError(`A record has no ${name}.`);",
    original: "typeof value !== 'string'",
    replacement: 'false',
    reason: 'A pattern takes null and undefined for the words, which are no digits.',
  },
  {
    file: 'lib/connectly/answer.ts',
    line: 'const underneath = { status, ...(body.traceId !== undefined && { traceId: body.traceId }) };',
    original: 'body.traceId !== undefined',
    replacement: 'true',
    reason: undefinedIsLeftOut,
  },
  {
    file: 'lib/connectly/answer.ts',
    line: "if (result.kind !== 'answered' || result.status < 300 || isUnclear(result.status)) return false;",
    original: "result.kind !== 'answered'",
    replacement: 'false',
    reason:
      'What is no answer has neither a status nor a body that could blame the key; it is for the types.',
  },
  {
    file: 'lib/connectly/answer.ts',
    line: 'return type !== undefined && /^ERROR_TYPE_(UN)?(AUTH|PERMISSION)/.test(type);',
    original: 'type !== undefined',
    replacement: 'true',
    reason: 'A pattern takes undefined for the word, which it does not match.',
  },
  {
    file: 'lib/connectly/answer.ts',
    line: 'if (code === undefined) return undefined;',
    original: 'code === undefined',
    replacement: 'false',
    reason: 'No error has the name "undefined"; the comparison is for the types.',
  },
  {
    file: 'lib/connectly/answer.ts',
    line: "const text = header?.trim() ?? '';",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'Neither is a number of seconds or a date.',
  },
  {
    file: 'lib/connectly/api.ts',
    line: 'const body = call.body === undefined ? undefined : JSON.stringify(call.body);',
    original: 'call.body === undefined',
    replacement: 'false',
    reason: 'The JSON of undefined is undefined; the comparison is for the types.',
  },
  ...["'error'", "'close'"].flatMap((event) =>
    [
      { original: event, replacement: '""' },
      { original: "() => resolve('')", replacement: '() => undefined' },
    ].map(({ original, replacement }) => ({
      original,
      replacement,
      file: 'lib/connectly/http.ts',
      line: `response.on(${event}, () => resolve(''));`,
      reason: eitherEvent,
    })),
  ),
  {
    file: 'lib/connectly/http.ts',
    line: "response.on('close', () => resolve(''));",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: eitherEvent,
  },
  {
    file: 'lib/connectly/http.ts',
    line: 'return { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };',
    original: '{ http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) }',
    replacement: '{}',
    reason:
      "Node's own agents keep connections, too. From Node 24 on, they can go through the proxies of the environment: the hostile proof would see that.",
  },
  {
    file: 'lib/connectly/sender.ts',
    line: "return { kind: 'not-sent', code, configurationFault, ...(fault !== undefined && { fault }) };",
    original: 'fault !== undefined',
    replacement: 'true',
    reason: undefinedIsLeftOut,
  },
  {
    file: 'lib/secrets/cache.ts',
    line: 'if (cached !== undefined) cached = { ...cached, stale: true };',
    original: 'cached !== undefined',
    replacement: 'true',
    reason: 'What has no time is neither fresh nor usable; the comparison is for the types.',
  },
  {
    file: 'lib/secrets/cache.ts',
    line: 'if (usable() !== undefined) onServedStale?.(cause);',
    original: 'onServedStale?.(cause)',
    replacement: 'onServedStale(cause)',
    reason: 'What it throws without a listener ends where the cause does: a value covers both up.',
  },
  {
    file: 'lib/config.ts',
    line: "if (id !== undefined && !businessIdPattern.test(id)) throw invalid(name, 'must be the id of a business');",
    original: 'id !== undefined',
    replacement: 'true',
    reason: 'A pattern takes undefined for the word, which could be an id; the comparison is for the types.',
  },
  {
    file: deliveryFile('troubles'),
    line: "export function troubles(event: string, { code = '', result }: LogFields): readonly Namespace[] {",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'No list has either in it; the default is for the types.',
  },
  ...[
    { original: "''", replacement: '"Stryker was here!"' },
    { original: "() => ''", replacement: '() => undefined' },
  ].map(({ original, replacement }) => ({
    original,
    replacement,
    file: 'lib/logger.ts',
    line: "?.replace(error.message, () => '')",
    reason: 'What stands in place of the message is no place in the code, and is left out with its line.',
  })),
  ...['code', 'fault', 'stack'].map((field) => ({
    file: 'lib/logger.ts',
    line: `...(${field} !== undefined && { ${field} }),`,
    original: `${field} !== undefined`,
    replacement: 'true',
    reason: undefinedIsLeftOut,
  })),
  ...[
    { line: "let text = '';", original: "''" },
    { line: "if (token === '{') path.push('');", original: "''" },
    {
      line: "else if (token === ',') path[innermost] = typeof place === 'number' ? place + 1 : '';",
      original: "''",
    },
  ].map(({ line, original }) => ({
    file: messageFile('exact-numbers'),
    line,
    original,
    replacement: '"Stryker was here!"',
    reason: keyComesFirst,
  })),
  {
    file: messageFile('exact-numbers'),
    line: "else if (token === ',') path[innermost] = typeof place === 'number' ? place + 1 : '';",
    original: "typeof place === 'number'",
    replacement: 'true',
    reason: keyComesFirst,
  },
  {
    file: messageFile('exact-numbers'),
    line: "else if (token.startsWith('\"')) text = token;",
    original: "token.startsWith('\"')",
    replacement: "token.endsWith('\"')",
    reason: 'A string has a quote at both ends.',
  },
  ...[
    { original: '[]', replacement: '["Stryker was here"]' },
    { original: "''", replacement: '"Stryker was here!"' },
    { original: "'0'", replacement: '""' },
  ].map(({ original, replacement }) => ({
    file: messageFile('exact-numbers'),
    line: "const [, , whole = '', fraction = '', power = '0'] = numberParts.exec(token) ?? [];",
    original,
    replacement,
    reason: 'Every number of JSON has the parts, and no power counts as 0; the defaults are for the types.',
  })),
  ...[
    ['callback-data', '...(sendId !== undefined && { id: sendId }),', 'sendId'],
    [
      'callback-data',
      '...(sendId !== undefined && businessId !== undefined && { businessId }),',
      'businessId',
    ],
    ['callback-data', '...(id !== undefined && { sendId: id }),', 'id'],
    ['message', '...(message.id !== undefined && { sendId: message.id }),', 'message.id'],
    [
      'message',
      '...(message.businessId !== undefined && { businessId: message.businessId }),',
      'message.businessId',
    ],
  ].map(([name = '', line = '', field = '']) => ({
    file: messageFile(name),
    line,
    original: `${field} !== undefined`,
    replacement: 'true',
    reason: undefinedIsLeftOut,
  })),
  {
    file: messageFile('json-depth'),
    line: 'for (let index = 0; index < json.length; index++) {',
    original: 'index < json.length',
    replacement: 'index <= json.length',
    reason: 'Behind the end of a text there is no sign that counts.',
  },
  {
    file: messageFile('json-depth'),
    line: 'if (depth > deepest) deepest = depth;',
    original: 'depth > deepest',
    replacement: 'depth >= deepest',
    reason: 'Where the two are equal, nothing changes.',
  },
  {
    file: messageFile('json'),
    line: '} catch {',
    original: '{ return undefined; }',
    replacement: '{}',
    reason: endsWithoutReturn,
  },
  ...[
    {
      original: "message.type === 'session' && isObject(json['message'])",
      replacement: "message.type === 'session' || isObject(json['message'])",
    },
    { original: "message.type === 'session'", replacement: 'true' },
  ].map(({ original, replacement }) => ({
    file: messageFile('parse'),
    line: "if (message.type === 'session' && isObject(json['message'])) {",
    original,
    replacement,
    reason: 'A session message has this object, and no other type may have the field.',
  })),
  {
    file: messageFile('parse'),
    line: "const isTime = typeof expiresAt === 'string' && messageTime.safeParse(expiresAt).success;",
    original: "typeof expiresAt === 'string'",
    replacement: 'true',
    reason: 'What is no text is no time either; the comparison is for the types.',
  },
  {
    file: messageFile('parse'),
    line: 'if (callbackData === undefined && message === undefined) return [];',
    original: 'callbackData === undefined && message === undefined',
    replacement: 'false',
    reason: 'It only saves the search: where neither field is, nothing is found in them.',
  },
  ...[
    { original: 'key.length <= 64', replacement: 'true' },
    { original: 'key.length <= 64', replacement: 'key.length < 64' },
  ].map(({ original, replacement }) => ({
    file: messageFile('parse'),
    line: 'const meant = key.length <= 64 ? nearest(key, fields) : undefined;',
    original,
    replacement,
    reason: 'It only saves the search: no field is near to so long a name.',
  })),
  {
    file: messageFile('parse'),
    line: "return type === 'template' || type === 'session' ? type : 'text';",
    original: "type === 'template' || type === 'session'",
    replacement: 'true',
    reason:
      'Fields are unknown in a message of one of the three types only; the comparison is for the types.',
  },
  {
    file: messageFile('session-content'),
    line: "context.issues.push({ code: 'custom', input: undefined, path, message: error });",
    original: "'custom'",
    replacement: '""',
    reason: "Only zod's own codes are told apart.",
  },
  {
    file: messageFile('session-content'),
    line: "if (first === 'replyButtonMessage' && characters(content.text ?? '') > sessionLimits.buttonsBody) {",
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'Neither is too long.',
  },
  {
    file: messageFile('session-content'),
    line: "const sections = isObject(list) ? arrayOf(list['sections']) : [];",
    original: '[]',
    replacement: '["Stryker was here"]',
    reason: 'A text has no rows that could be counted.',
  },
];
