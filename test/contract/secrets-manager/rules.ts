import type { Rule } from './rule.ts';
import { secretRules } from './secret-rules.ts';
import { valueRules } from './value-rules.ts';

/** What AWS documents about Secrets Manager and the relay, its tools or its tests rely on. */
export const rules: readonly Rule[] = [...valueRules, ...secretRules];
