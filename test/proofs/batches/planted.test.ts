import { testPlanted } from '../harness/test-planted.ts';

await testPlanted('batches', { isVirtual: true });
