// Plants one defect at a time into the command line and shows that a named test notices it: `npm run defects:cli`. With
// words after it, only the defects that have them in their names. Ends with 1 when one is not noticed.
import { dirname, join } from 'node:path';
import { defects } from './defects.ts';
import { plantDefects } from './plant-defects.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

const words = process.argv.slice(2).join(' ');
const chosen = defects.filter(({ name }) => name.includes(words));
const startedAt = performance.now();
const planted = await plantDefects(chosen, projectRoot);
for (const { name, test, withDefect, without, isNoticed } of planted) {
  const told = isNoticed ? `fails: ${test}` : `${withDefect} with it, ${without} without: ${test}`;
  process.stdout.write(`${isNoticed ? 'ok    ' : 'WRONG '} ${name}\n         ${told}\n`);
}
const missed = planted.filter(({ isNoticed }) => !isNoticed).length;
const seconds = Math.round((performance.now() - startedAt) / 1000);
process.stdout.write(`\n${planted.length} defects, ${missed} not noticed; ${seconds} s\n`);
process.exitCode = planted.length > 0 && missed === 0 ? 0 : 1;
