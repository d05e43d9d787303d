import { provedByNamedTests } from '../harness/named-tests.ts';
import { defects } from './defects.ts';

export const cli = provedByNamedTests(defects, 'test/proofs/cli/vitest.config.ts');
