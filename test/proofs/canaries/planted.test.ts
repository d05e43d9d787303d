import { testPlanted } from '../harness/test-planted.ts';

await testPlanted('canaries', { isVirtual: true });
