import { attributeRules } from './attribute-rules.ts';
import { batchRules } from './batch-rules.ts';
import { deadLetterRules } from './dead-letter-rules.ts';
import { protocolRules } from './protocol-rules.ts';
import { queueRules } from './queue-rules.ts';
import { receiveRules } from './receive-rules.ts';
import { redriveRules } from './redrive-rules.ts';
import type { Rule } from './rule.ts';
import { sendRules } from './send-rules.ts';
import { visibilityRules } from './visibility-rules.ts';

/** SQS's rules for standard queues, to be held against any endpoint that claims to be SQS. */
export const rules: readonly Rule[] = [
  ...queueRules,
  ...attributeRules,
  ...sendRules,
  ...receiveRules,
  ...visibilityRules,
  ...batchRules,
  ...deadLetterRules,
  ...redriveRules,
  ...protocolRules,
];
