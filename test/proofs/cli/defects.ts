import type { NamedTest, NoticedDefect } from '../harness/named-tests.ts';
import { inFile } from '../harness/planted-changes.ts';

const unit = (file: string, title: string): NamedTest => ({ file: `test/unit/cli/${file}.test.ts`, title });
const offline = (title: string): NamedTest => ({ file: 'test/stack/cli/offline-commands.test.ts', title });

export const defects: readonly NoticedDefect[] = [
  // bulk
  {
    name: 'bulk guesses how all lines of a file end from the first one',
    changes: inFile('cli/bulk/csv.ts', "  record_delimiter: ['\\r\\n', '\\n', '\\r'],\n", ''),
    noticedBy: unit(
      'bulk/tables',
      'is read as the same rows, each with the line that it begins on and its own bytes',
    ),
  },
  {
    name: 'bulk takes blanks off the cells of a file',
    changes: inFile(
      'cli/bulk/csv.ts',
      '  skip_empty_lines: true,',
      '  skip_empty_lines: true,\n  trim: true,',
    ),
    noticedBy: unit(
      'bulk/tables',
      'is read as the same rows, each with the line that it begins on and its own bytes',
    ),
  },
  {
    name: 'bulk reads a row that comes back anew, up to its first line end',
    changes: inFile(
      'cli/bulk/csv.ts',
      'const cells = rawCells(row.raw, delimiter);',
      "const cells = rawCells(row.raw.split(/[\\r\\n]/)[0] ?? '', delimiter);",
    ),
    noticedBy: unit(
      'bulk/tables',
      'loses none of them between those that are queued and those that come back, with their bytes',
    ),
  },
  {
    name: 'bulk reads what is not UTF-8 as if it were',
    changes: inFile('cli/terminal/text.ts', 'isUtf8(bytes) && !bytes.includes(0)', 'true'),
    noticedBy: unit('bulk/tables', 'is refused with what mends it: of Windows'),
  },
  {
    name: 'bulk writes rows into its ledger before SQS has them',
    changes: inFile(
      'cli/bulk/queue-rows.ts',
      '      const answers = await send(',
      "      await record(left.map(({ row }) => [row.number, '']));\n      const answers = await send(",
    ),
    noticedBy: unit('bulk/queueing', 'tries again what SQS could not take, and only that'),
  },
  {
    name: 'bulk forgets to write what SQS has into its ledger',
    changes: inFile('cli/bulk/queue-rows.ts', 'if (taken.length > 0) await record(taken);', ''),
    noticedBy: unit(
      'bulk/queueing',
      'takes no further batch after an interruption, and records those under way',
    ),
  },
  {
    name: 'bulk goes on with a file that has changed',
    changes: inFile(
      'cli/bulk/ledger-refusals.ts',
      'if (found.input === input) return;',
      'if (found.input !== name) return;',
    ),
    noticedBy: unit('bulk/ledger-file', 'refuses to go on with another input'),
  },
  {
    name: 'bulk takes a broken line of its ledger along',
    changes: inFile('cli/bulk/ledger-file.ts', 'await handle.truncate(found.bytes);', ''),
    noticedBy: unit(
      'bulk/ledger-file',
      'leaves out a line that broke off, and goes on after the last whole one',
    ),
  },
  {
    name: 'bulk gives a row another id in each run',
    changes: inFile(
      'cli/bulk/row-id.ts',
      '`${inputDigest}:${row}:${content}`',
      '`${inputDigest}:${row}:${content}:${Math.random()}`',
    ),
    noticedBy: unit('bulk/preflight', 'has always the same one, which no other row has'),
  },
  {
    name: 'bulk gives a row of another campaign the id of the first one',
    changes: inFile(
      'cli/bulk/row-id.ts',
      '`${inputDigest}:${row}:${content}`',
      '`${inputDigest}:${row}:${content.slice(64)}`',
    ),
    noticedBy: unit('bulk/preflight', 'has another one for another campaign'),
  },
  {
    name: 'bulk writes over a file of failed rows that somebody has changed',
    changes: inFile(
      'cli/bulk/files.ts',
      'if (found === undefined || ours.has(found)) {',
      'if (found === undefined || ours.size > 0) {',
    ),
    noticedBy: unit('bulk/failed-rows', 'is never written over what somebody has changed'),
  },
  {
    name: 'bulk lets two processes go on with one ledger',
    changes: inFile(
      'cli/bulk/file-lock.ts',
      'if (!(await create(lock))) await takeFromTheDead(lock, name);',
      'if (!(await create(lock)) && path === lock) await takeFromTheDead(lock, name);',
    ),
    noticedBy: unit('bulk/ledger-file', 'is with one process at a time'),
  },
  // dlq
  {
    name: 'dlq redrive sends what has expired',
    changes: inFile('cli/dlq/plan.ts', "if (letter.expiresAt <= now) return 'expired';", ''),
    noticedBy: unit('dlq/redriving', 'leaves what has expired, and what would be refused again'),
  },
  {
    name: 'dlq redrive sends an unknown one that nobody has named',
    changes: inFile(
      'cli/dlq/plan.ts',
      '!resendUnknown || letter.send.key === undefined',
      'letter.send.key === undefined',
    ),
    noticedBy: unit('dlq/redriving', 'leaves an unknown one whose entry is UNKNOWN, unless it is named so'),
  },
  {
    name: 'dlq redrive sends an unknown one without its release in the ledger',
    changes: inFile(
      'cli/dlq/redriving.ts',
      'for (const letter of due) await allowSending(letter, ports);',
      'void allowSending;',
    ),
    noticedBy: unit('dlq/redriving', 'has the decision written down before the copy is there'),
  },
  {
    name: 'dlq redrive removes a letter of which SQS took no copy',
    changes: inFile(
      'cli/dlq/redriving.ts',
      'return removeLetters([...queued, ',
      'return removeLetters([...(queued.length < 0 ? queued : due), ',
    ),
    noticedBy: unit('dlq/redriving', 'keeps a letter of which SQS took no copy'),
  },
  {
    name: 'dlq redrive loses the expiry of a letter',
    changes: inFile(
      'cli/dlq/redriving.ts',
      '    expiresAt,\n    traceId,',
      '    expiresAt: Date.now() + 4 * 3_600_000 + expiresAt * 0,\n    traceId,',
    ),
    noticedBy: unit(
      'dlq/redriving',
      'puts a letter back with its body, its key, its expiry, its reason and what the producer attached',
    ),
  },
  {
    name: 'dlq keeps what it has looked at',
    changes: inFile(
      'cli/dlq/browsing.ts',
      'await hidden.giveBackOldest(Infinity);',
      'hidden.forget(queueUrl);',
    ),
    noticedBy: unit('dlq/browsing', 'sees each of many letters once, and gives all of them back'),
  },
  // webhook
  {
    name: 'webhook register takes a topic over without --replace',
    changes: inFile(
      'cli/webhook/change-topics.ts',
      'if (taken.length > 0 && !replace) {',
      'if (taken.length > 0 && !replace && wanted.length < 1) {',
    ),
    noticedBy: unit('webhook/change-topics', 'touches no topic when one of them points elsewhere'),
  },
  {
    name: 'webhook unregister removes what points elsewhere',
    changes: inFile(
      'cli/webhook/change-topics.ts',
      'if (others.length > 0) {',
      'if (others.length > wanted.length) {',
    ),
    noticedBy: unit('webhook/change-topics', 'removes nothing when one points elsewhere'),
  },
  {
    name: 'webhook test deletes the events of others',
    changes: inFile(
      'cli/webhook/queue-search.ts',
      'StringValue === eventId) {',
      'StringValue !== undefined) {',
    ),
    noticedBy: unit('webhook/queue-search', 'deletes its own event, holds the others, and gives them back'),
  },
  // secrets
  {
    name: 'secrets overwrites what somebody else has set meanwhile',
    changes: inFile(
      'cli/secrets/secret-store.ts',
      'await moveCurrent({ from: replaced.versionId, to: versionId });',
      'await moveCurrent({ from: (await this.read())?.versionId ?? replaced.versionId, to: versionId });',
    ),
    noticedBy: unit('secrets/secret-store', 'changes nothing when somebody else has been faster'),
  },
  {
    name: 'secrets rotate shows the secret that it refuses',
    changes: inFile(
      'cli/secrets/webhook-secrets.ts',
      "'This webhook secret is live already. Get a new one at Connectly first.',",
      '`The webhook secret ${added} is live already. Get a new one at Connectly first.`,',
    ),
    noticedBy: unit('secrets/webhook-secrets', 'refuses the one that is live, without quoting it'),
  },
  {
    name: 'secrets rotate --finish removes a secret that is still in use',
    changes: inFile('cli/secrets/rotation.ts', 'old: older || only,', 'old: older,'),
    noticedBy: unit('secrets/secret-use', 'of ["only"] is {"old":true,"new":false}'),
  },
  {
    name: 'secrets stores the line of an env file whole',
    changes: inFile(
      'cli/secrets/decorations.ts',
      'if (found !== undefined && !isMeant)',
      'if (found !== undefined && !isMeant && listed !== undefined)',
    ),
    noticedBy: unit(
      'secrets/decorations',
      '"WEBHOOK_SECRET=canary" is refused, with the reason and without quoting it',
    ),
  },
  {
    name: 'a question shows what is typed',
    changes: inFile(
      'cli/terminal/input.ts',
      'new Writable({ write: (_chunk, _encoding, done) => done() })',
      'new Writable({ write: (chunk, _encoding, done) => void stderr.write(chunk, done) })',
    ),
    noticedBy: unit('terminal/asking', 'does not show what is typed: it may be a key, pasted in a hurry'),
  },
  // What is printed
  {
    name: 'numbers are shown in full',
    changes: inFile(
      'cli/terminal/masking.ts',
      'return `${plus}${digits.slice(0, head)}${dots}${tail',
      'return `${plus}${digits.slice(0, head)}${digits.slice(head)}${tail',
    ),
    noticedBy: unit('terminal/masking', 'hides at least three digits of any number that has six'),
  },
  {
    name: 'colours go into a pipe',
    changes: inFile(
      'cli/terminal/output.ts',
      'return stream.hasColors?.() ?? false;',
      'return stream.hasColors?.() ?? true;',
    ),
    noticedBy: offline('has no escape byte in a pipe, not even when colours are forced'),
  },
  {
    name: 'an invalid message is quoted',
    changes: inFile(
      'cli/validate/judge-messages.ts',
      '[...parsed.problems] }]',
      "[...parsed.problems, { path: '', text: body }] }]",
    ),
    noticedBy: offline('ends with 3 and names the line and the place, and never the value'),
  },
  {
    name: 'a line feed that somebody else wrote begins a line',
    changes: inFile(
      'cli/terminal/lines.ts',
      'return text.replaceAll(anyUnseen, escaped);',
      "return text.replaceAll(anyUnseen, (found) => (found === '\\n' ? found : escaped(found)));",
    ),
    noticedBy: unit('terminal/lines', 'shows what begins a line by its number'),
  },
  {
    name: 'a command prints without looking for what is unseen',
    changes: inFile(
      'cli/terminal/output.ts',
      '`${oneLine(line, shown)}\\n`',
      '`${shown.styles ? oneLine(line, shown) : line}\\n`',
    ),
    noticedBy: unit('terminal/output', 'has as many lines as it gave, whatever is in them: one line'),
  },
  {
    name: 'any code of a dead letter is believed',
    changes: inFile(
      'cli/dlq/dead-letter.ts',
      'codePattern.test(code) ? code : unreadableCode',
      'code.length > 0 ? code : unreadableCode',
    ),
    noticedBy: unit('dlq/letter', 'takes for a code what looks like one: "$(rm)"'),
  },
  // How it ends
  {
    name: 'a refusal of Connectly ends with 1',
    changes: inFile('cli/errors.ts', ': exitCodes.refusedByConnectly;', ': exitCodes.unexpected;'),
    noticedBy: unit('errors', 'after a refusal by Connectly'),
  },
  {
    name: 'verify ends with 0 whatever it finds',
    changes: inFile(
      'cli/verify/verify.ts',
      'if (!diagnosis.valid) throw',
      'if (!diagnosis.valid && result.valid) throw',
    ),
    noticedBy: offline('ends with 3 and explains the wrong secret'),
  },
  {
    name: 'what cannot be taken back needs nobody who agrees',
    changes: inFile(
      'cli/terminal/input.ts',
      'if (!stdin.isTTY || !stderr.isTTY) {',
      'if (!stdin.isTTY || !stderr.isTTY) return;\n  if (question === undefined) {',
    ),
    noticedBy: unit(
      'terminal/asking',
      'needs --yes where nobody can be asked (stdin a terminal: false, stderr: true)',
    ),
  },
  {
    name: 'doctor leaves the batching window out of the visibility timeout',
    changes: inFile(
      'cli/doctor/stack-checks.ts',
      ' + (mapping.MaximumBatchingWindowInSeconds ?? 0)',
      ' + 0 * (mapping.MaximumBatchingWindowInSeconds ?? 0)',
    ),
    noticedBy: unit(
      'doctor/stack-checks',
      'find messages that come into sight a second too early, the batching window counted',
    ),
  },
];
