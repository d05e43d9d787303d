// Writes the tables of the proofs into docs/reliability.md: `npm run docs:proofs`.
import { readFile, writeFile } from 'node:fs/promises';
import { emulators } from './deploy/emulators.ts';
import { proofs } from './index.ts';
import { docsTables, withTables } from './tables.ts';

const path = 'docs/reliability.md';

await writeFile(path, withTables(await readFile(path, 'utf8'), docsTables(proofs, Object.values(emulators))));
