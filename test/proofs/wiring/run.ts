import { provedByNamedTests } from '../harness/named-tests.ts';
import { defects } from './defects.ts';

export const wiring = provedByNamedTests(defects, 'test/proofs/wiring/vitest.config.ts');
