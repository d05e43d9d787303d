// How fast the functions are beside what people would otherwise write: `npm run bench`.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hasNode24Package, installTool } from '../../test/support/tools.ts';
import { measure } from './measure.ts';
import { startNeighbours } from './neighbours.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type BenchReport, renderPage, renderTables } from './report.ts';
import { certificateIn } from './setting.ts';
import { buildSubjects } from './subjects.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../..');

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (!hasNode24Package()) {
    process.stderr.write(
      'The Node.js that Lambda runs is to be had for Linux on x86_64 only. Run this there.\n',
    );
    return 1;
  }
  const report = await takeReport(options);
  process.stdout.write(
    options.json ? `${JSON.stringify(report, undefined, 2)}\n` : `\n${renderTables(report)}`,
  );
  if (options.write) await writeFile(join(projectRoot, 'docs/performance.md'), renderPage(report));
  return 0;
}

async function takeReport({ rounds }: Options): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-bench-'));
  progress('Node.js, the peers, the bundles');
  const nodeBinary = join(await installTool('node-24', { projectRoot }), 'node');
  const subjects = await buildSubjects(projectRoot, folder);
  const neighbours = await startNeighbours(projectRoot);
  try {
    await writeFile(certificateIn(folder), neighbours.certificate);
    const setting = { projectRoot, nodeBinary, subjects, neighbours, folder, rounds, progress };
    const measurements = await measure(setting);
    const { dependencies } = await readJson(join(projectRoot, 'bench/peers/package.json'));
    const node = await readJson(join(nodeBinary, '../../package.json'));
    return {
      takenOn: new Date().toISOString().slice(0, 10),
      rounds,
      machine: {
        processor: cpus()[0]?.model.trim() ?? 'unknown',
        cores: cpus().length,
        node: String(node['version']),
        load: loadavg()[1] ?? Number.NaN,
      },
      versions: Object.fromEntries(
        Object.entries(Object(dependencies)).map(([name, version]) => [name, String(version)]),
      ),
      measurements,
    };
  } finally {
    neighbours.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  return Object(JSON.parse(await readFile(path, 'utf8')));
}

process.exitCode = await main();
