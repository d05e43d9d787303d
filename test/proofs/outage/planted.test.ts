import { testPlanted } from '../harness/test-planted.ts';

await testPlanted('outage', { isVirtual: true });
