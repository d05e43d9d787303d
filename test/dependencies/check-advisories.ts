// Asks whether a known vulnerability is in the lock file: `npm run check:advisories`. Exits 1 for one that fails, and with the
// exit code below when the registry does not answer such questions, as a mirror may not.
import { dirname, join } from 'node:path';
import { findAdvisories } from './advisories.ts';

/** EX_TEMPFAIL of sysexits.h. `.ci/run` counts the step as skipped, and says so. */
const couldNotAsk = 75;

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

const found = await findAdvisories(projectRoot);
if (!found.asked) {
  process.stdout.write(`!!! NOT CHECKED for known vulnerabilities: the registry does not say which there are.
!!! ${found.reason}
!!! Run "npm run check:advisories" where it does.
`);
  process.exitCode = couldNotAsk;
} else {
  for (const line of found.others) process.stdout.write(`known  ${line}\n`);
  for (const line of found.failing) process.stdout.write(`WRONG  ${line}\n`);
  if (found.failing.length > 0) {
    process.stdout.write(
      'Take a version without it: "npm audit fix", or "overrides" in package.json for a package of a package.\n',
    );
    process.exitCode = 1;
  } else process.stdout.write('No package in the lock file has a known vulnerability that counts.\n');
}
