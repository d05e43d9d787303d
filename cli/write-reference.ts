// Writes docs/cli.md: `npm run docs:cli`.
import { writeFile } from 'node:fs/promises';
import { commandReference } from './reference.ts';

await writeFile('docs/cli.md', await commandReference());
