import { lifecycleRules } from './lifecycle-rules.ts';
import type { Rule } from './rule.ts';
import { valueRules } from './value-rules.ts';

/** What AWS documents about Secrets Manager and the relay, its tools or its tests rely on. */
export const rules: readonly Rule[] = [...valueRules, ...lifecycleRules];
