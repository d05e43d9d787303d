import { testPlanted } from '../harness/test-planted.ts';

await testPlanted('sends', { isVirtual: true });
