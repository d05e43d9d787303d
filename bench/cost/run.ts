// What the relay costs on AWS: `npm run cost`. Counts what the code does for a message, and multiplies by a price list.
import { dirname, join } from 'node:path';
import { measureWork } from './measure.ts';
import { readOptions, usage } from './options.ts';
import { renderReport, reportOn } from './report.ts';
import { readStage } from './stage.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

async function main(): Promise<number> {
  try {
    const { help, json, month } = readOptions(process.argv.slice(2));
    if (help) {
      process.stdout.write(usage);
      return 0;
    }
    const stages = { dev: await readStage('dev', projectRoot), prod: await readStage('prod', projectRoot) };
    const report = reportOn(await measureWork(), month, stages);
    process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : renderReport(report));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
}

process.exitCode = await main();
