import { describe, expect, it } from 'vitest';
import type { MessageView } from '../../../local/aws/sqs/sqs.ts';
import { countDeadLetters, countOutcomes } from './count-outcomes.ts';
import { targetWith } from './test-targets.ts';

const nothing = { accepted: {}, deadLetters: new Map<string, string[]>(), unsettled: new Set<string>() };
const callbackData = '{"relay":{"v":1,"id":"kill-1"}}';

function letter(reason?: string): MessageView {
  const { body } = targetWith();
  return {
    id: 'message',
    body,
    attributes:
      reason === undefined ? [] : [{ name: 'error.code', dataType: 'String', value: { text: reason } }],
    traceHeader: undefined,
    groupId: undefined,
    state: 'visible',
    sentAt: 0,
    receiveCount: 0,
    firstReceivedAt: undefined,
    visibleAt: undefined,
    deadLetterSourceArn: undefined,
  };
}

describe('The count of what became of the messages', () => {
  it('calls lost what is nowhere', () => {
    const outcomes = countOutcomes([targetWith()], nothing);

    expect(outcomes).toMatchObject({ messages: 1, accepted: 0, lost: ['kill-1'] });
  });

  it('calls lost what is in the dead-letter queue without a reason', () => {
    const deadLetters = countDeadLetters([letter()]);

    const outcomes = countOutcomes([targetWith()], { ...nothing, deadLetters });

    expect(outcomes).toMatchObject({ lost: ['kill-1'], otherDeadLetters: { none: 1 } });
  });

  it('calls nothing lost that is in the dead-letter queue with its reason, or on its way', () => {
    const inDlq = targetWith();
    const onItsWay = targetWith({}, 2);
    const found = {
      deadLetters: countDeadLetters([letter('outcome-unknown')]),
      unsettled: new Set(['kill-2']),
    };

    const outcomes = countOutcomes([inDlq, onItsWay], { ...nothing, ...found });

    expect(outcomes).toMatchObject({ lost: [], outcomeUnknown: 1, unsettled: 1, otherDeadLetters: {} });
  });

  it('explains one more acceptance by each unclear attempt, and no other', () => {
    const targets = [targetWith({ unclearAttempts: 1 })];

    const outcomes = countOutcomes(targets, { ...nothing, accepted: { [callbackData]: 3 } });

    expect(outcomes).toMatchObject({ accepted: 1, duplicates: 2, unexplainedDuplicates: 1 });
  });

  it('explains an unknown outcome by an unclear attempt alone', () => {
    const deadLetters = countDeadLetters([letter('outcome-unknown')]);

    const [clear, unclear] = [0, 2].map((unclearAttempts) =>
      countOutcomes([targetWith({ unclearAttempts })], { ...nothing, deadLetters }),
    );

    expect(clear).toMatchObject({ outcomeUnknown: 1, unexplainedUnknowns: 1, unclearAttempts: 0 });
    expect(unclear).toMatchObject({ outcomeUnknown: 1, unexplainedUnknowns: 0, unclearAttempts: 2 });
  });
});
