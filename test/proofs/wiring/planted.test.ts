import { testPlanted } from '../harness/test-planted.ts';

await testPlanted('wiring');
