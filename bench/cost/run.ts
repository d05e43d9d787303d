// What the relay costs on AWS: `npm run cost`. Counts what the code does for a message, and multiplies by a price list.
import { measureWork } from './measure.ts';
import { readOptions, usage } from './options.ts';
import { renderReport, reportOn } from './report.ts';

async function main(): Promise<number> {
  try {
    const { help, json, month } = readOptions(process.argv.slice(2));
    if (help) {
      process.stdout.write(usage);
      return 0;
    }
    const report = reportOn(await measureWork(), month);
    process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : renderReport(report));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
}

process.exitCode = await main();
