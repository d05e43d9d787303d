// Wrong wirings of the functions: every part is right, and one of them is connected to the wrong thing. Those that a
// simulation can see are among its own defects, too.

import type { NamedTest, NoticedDefect } from '../harness/named-tests.ts';
import { inFile } from '../harness/planted-changes.ts';

type Function = 'receive-webhook' | 'send-message' | 'settle-send';

const composed = (name: Function, title: string): NamedTest => ({
  file: `test/unit/compose/${name}.test.ts`,
  title,
});
const built = (name: Function, title: string): NamedTest => ({
  file: `test/functions/${name}.test.ts`,
  title,
});

const counted = (title: string): NamedTest => ({ file: 'test/functions/counts.test.ts', title });

const frail = (title: string): NamedTest => ({
  file: 'test/functions/slow/frail-connections.test.ts',
  title,
});

/** A change of how lib/compose wires a function. */
function inCompose(
  name: string,
  [of, find, replace]: readonly [of: Function, find: string, replace: string],
  title: string,
): NoticedDefect {
  return { name, changes: inFile(`lib/compose/${of}.ts`, find, replace), noticedBy: composed(of, title) };
}

/** A change of what a file of functions/ hands to it. */
function inFunctions(
  name: string,
  [of, find, replace]: readonly [of: Function, find: string, replace: string],
  title: string,
): NoticedDefect {
  return { name, changes: inFile(`functions/${of}.ts`, find, replace), noticedBy: built(of, title) };
}

const noTroubles = inFile('lib/compose/logger.ts', 'countedBesides: troubles', 'countedBesides: () => []');

export const defects: readonly NoticedDefect[] = [
  inCompose(
    'tells of what has expired in the line that waits for Connectly',
    [
      'send-message',
      'expiryDispatcher: createDispatcher<Attempt>({ ...pacing, ...undisturbed }),',
      'expiryDispatcher: dispatcher,',
    ],
    'tells of what has expired at once, at its pace',
  ),
  inCompose(
    'claims messages for a millisecond',
    ['send-message', 'createClaim({ store, leaseMs, now,', 'createClaim({ store, leaseMs: 1, now,'],
    'claims a message for a lease of 90 seconds while it is sent',
  ),
  inCompose(
    'sends under the policy of another stage',
    ['send-message', 'settings: config,', "settings: { ...config, ifUnclear: 'resend' },"],
    'brings a message that has no certain outcome, under hold, to its queue',
  ),
  inCompose(
    'believes that there is always time',
    ['send-message', 'context.getRemainingTimeInMillis() >= timeForOneMessageMs', 'true'],
    "with 29999 ms left has a line { event: 'untouched', code: 'no-time-left', count: 1 }",
  ),
  {
    name: 'counts the rest of connections by a clock of its own',
    changes: inFile(
      'lib/compose/connectly.ts',
      'requestDeadlineMs, now })',
      'requestDeadlineMs, now: Date.now })',
    ),
    noticedBy: composed('send-message', 'gives each request eight seconds, and the clock that it is given'),
  },
  inCompose(
    'parks what people must see, and shows them what is parked',
    [
      'send-message',
      'sqsQueueEffects(sqs, config)',
      'sqsQueueEffects(sqs, { ...config, sendsDlqUrl: config.outcomesQueueUrl, outcomesQueueUrl: config.sendsDlqUrl })',
    ],
    'brings a message that is refused to its queue',
  ),
  inCompose(
    'has a clock of its own',
    ['send-message', 'const now = () => clock.now();', 'const now = () => Date.now();'],
    'says in its line how long it took, by the clock that it is given',
  ),
  inCompose(
    'does not know from which number it sends',
    ['send-message', 'senderNumber: config.senderNumber,', 'senderNumber: undefined,'],
    'gives each number its rate, where the message or the stage names one',
  ),
  inCompose(
    'gives each number the rate of the stage',
    ['send-message', '    laneRates,\n    judge', '    judge'],
    'gives each number its rate, where the message or the stage names one',
  ),
  inCompose(
    'sends in the order in which SQS hands messages out',
    ['send-message', 'runBatch(oldestFirst(records), handle, onBug)', 'runBatch(records, handle, onBug)'],
    'sends the messages of a batch to one recipient in the order in which they were queued',
  ),
  inCompose(
    'does not say that sending pauses',
    [
      'send-message',
      "onTurn: (turn) => logger.write('warn', turn.isOver ? 'resumed' : 'paused', pauseFields(turn)),",
      '',
    ],
    'keeps messages, and says so in one line for all of a batch',
  ),
  inCompose(
    'has a line for each message that is not tried',
    ['send-message', 'else others.push(delivery);', ''],
    'keeps messages, and says so in one line for all of a batch',
  ),
  inCompose(
    'writes no line, and so no metric, about an attempt',
    ['send-message', 'logger.write(attemptLevel(delivery), event, { requestId', 'void ({ requestId'],
    'posts a message with the key, writes its end into the ledger, acknowledges it and writes its line',
  ),
  {
    name: 'counts no trouble among its attempts',
    changes: noTroubles,
    noticedBy: composed('send-message', 'counts what it gives up among the troubles, too'),
  },
  {
    name: 'counts no trouble in settling',
    changes: noTroubles,
    noticedBy: composed(
      'settle-send',
      'leaves a record that it cannot handle on its queue, with an error in the log, and handles the others',
    ),
  },
  inCompose(
    'puts events on the queue for the statuses of sends',
    [
      'receive-webhook',
      'sqsEventQueue(sqs, config.eventsQueueUrl)',
      'sqsEventQueue(sqs, config.outcomesQueueUrl)',
    ],
    'puts a signed event on the events queue, answers 200 and writes its line',
  ),
  inCompose(
    'waits for a status a thousandth of the time',
    ['settle-send', 'waitMs: config.outcomeWaitMs,', 'waitMs: config.outcomeWaitMs / 1000,'],
    'keeps a parked send on the outcomes queue while a status may come',
  ),
  inCompose(
    'acknowledges what waits for a status',
    ['settle-send', "return settlement.result !== 'waiting';", 'return true;'],
    'keeps a parked send on the outcomes queue while a status may come',
  ),
  inFunctions(
    'is deployed with the policy of another stage',
    [
      'send-message',
      'composeSendMessage(readSendConfig(process.env), {',
      "composeSendMessage({ ...readSendConfig(process.env), ifUnclear: 'resend' }, {",
    ],
    'copies a message that a reset leaves unclear to the outcomes queue',
  ),
  {
    name: 'queues events without a limit for each attempt',
    changes: inFile('functions/receive-webhook.ts', 'new SQSClient({ requestHandler })', 'new SQSClient()'),
    noticedBy: frail('when an event is queued: the webhook is answered 200'),
  },
  {
    name: 'claims messages without a limit for each attempt',
    changes: inFile(
      'functions/send-message.ts',
      'new DynamoDBClient({ requestHandler })',
      'new DynamoDBClient()',
    ),
    noticedBy: frail('when the ledger takes the claim, written or not: the message is sent once'),
  },
  {
    name: 'settles sends without a limit for each attempt',
    changes: inFile(
      'functions/settle-send.ts',
      'new DynamoDBClient({ requestHandler })',
      'new DynamoDBClient()',
    ),
    noticedBy: frail('when the ledger is read about a parked send: it goes on waiting'),
  },
  {
    name: 'goes from one dead connection to the next',
    changes: inFile(
      'lib/aws/http-handler.ts',
      '    this.dropIdleConnections();\n    return firstAnswer',
      '    return firstAnswer',
    ),
    noticedBy: {
      file: 'test/unit/aws/http-handler.test.ts',
      title: 'meets one of the dead, and makes its neighbours anew',
    },
  },
  inFunctions(
    'is deployed with a clock that stands still',
    ['settle-send', '\n  clock,', '\n  clock: { ...clock, now: () => 0 },'],
    'hands a send to people that nothing is heard of under hold',
  ),
  inFunctions(
    'is deployed with its log turned off',
    ['receive-webhook', '\n  write,', '\n  write: () => {},'],
    'logs one line for each request, and nothing of what came in it',
  ),
  // What is right, and costs more than it did.
  {
    name: 'brings all of zod along',
    changes: inFile(
      'lib/message/send-status.ts',
      "import * as z from 'zod/mini';",
      "import { z as all } from 'zod';\nimport * as z from 'zod/mini';\nexport const planted = all.string();",
    ),
    noticedBy: {
      file: 'test/functions/bundles.test.ts',
      title: 'holds no more of zod than send-message uses',
    },
  },
  {
    name: 'connects to Connectly for each message',
    changes: inFile(
      'lib/connectly/http.ts',
      'https: new HttpsAgent({ keepAlive: true })',
      'https: new HttpsAgent()',
    ),
    noticedBy: {
      file: 'test/functions/kept-connections.test.ts',
      title: 'share their connections: fifty of them open five at most',
    },
  },
  {
    name: 'reads the ledger after each write',
    changes: inFile(
      'lib/aws/ledger-table.ts',
      'await client.send(command, until(signal));\n      return { ok: true, stored };',
      'await client.send(command, until(signal));\n      await read(key, signal);\n      return { ok: true, stored };',
    ),
    noticedBy: counted('cost two writes of the ledger and one request each, and one read of the key'),
  },
  {
    name: 'writes a second line with metrics about an attempt',
    changes: inFile(
      'lib/compose/send-message.ts',
      'return delivery.acknowledge;',
      "logger.write('info', 'attempt', { requestId, ...fields });\n      return delivery.acknowledge;",
    ),
    noticedBy: counted('cost one line in the log each, and three metrics'),
  },
  {
    name: 'counts webhooks by their topic, too',
    changes: inFile(
      'lib/metrics.ts',
      "['stage', 'deliveryStatus'],",
      "['stage', 'deliveryStatus'],\n        ['stage', 'topic'],",
    ),
    noticedBy: counted('cost one line in the log each, and one metric'),
  },
];
