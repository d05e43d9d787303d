import { testPlanted } from '../harness/test-planted.ts';

await testPlanted('rotation', { isVirtual: true });
