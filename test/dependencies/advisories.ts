import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';

const run = promisify(execFile);

const severities = ['info', 'low', 'moderate', 'high', 'critical'] as const;
type Severity = (typeof severities)[number];

/** The least that fails: production dependencies are what is bundled, the others run on machines of developers and operators. */
const fails = { production: 'moderate', development: 'high' } as const satisfies Record<string, Severity>;

/** What `npm audit --json` prints, as far as needed here. */
const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      name: z.string(),
      severity: z.enum(severities),
      range: z.string(),
      // An advisory of this package, or the name of a package that this one depends on.
      via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string() })])),
    }),
  ),
});

/** What npm prints when it could not ask. Every other error of npm's has a code. */
const notAskedSchema = z.object({
  message: z.string(),
  error: z.object({ code: z.undefined().optional() }),
});

export type Advisories =
  | { readonly asked: false; readonly reason: string }
  | { readonly asked: true; readonly failing: readonly string[]; readonly others: readonly string[] };

/**
 * Asks npm's registry for the known vulnerabilities of all packages in the lock file, by `npm audit`. A line for each that is
 * affected. Rejects when npm fails for another reason than that the registry does not answer such a question.
 */
export async function findAdvisories(projectRoot: string): Promise<Advisories> {
  const all = await audit(projectRoot, []);
  if ('reason' in all) return { asked: false, reason: all.reason };
  const production = await audit(projectRoot, ['--omit=dev']);
  if ('reason' in production) return { asked: false, reason: production.reason };
  const failing: string[] = [];
  const others: string[] = [];
  for (const found of all.vulnerabilities) {
    const part = production.vulnerabilities.some(({ name }) => name === found.name)
      ? 'production'
      : 'development';
    const isFailing = severities.indexOf(found.severity) >= severities.indexOf(fails[part]);
    (isFailing ? failing : others).push(lineOf(found, part));
  }
  return { asked: true, failing, others };
}

type Vulnerability = z.infer<typeof reportSchema>['vulnerabilities'][string];

function lineOf({ name, severity, range, via }: Vulnerability, part: keyof typeof fails): string {
  const causes = via.map((each) => (typeof each === 'string' ? `by ${each}` : `${each.title}, ${each.url}`));
  return `${name} ${range} (${part}, ${severity}): ${causes.join('; ')}`;
}

async function audit(
  projectRoot: string,
  options: readonly string[],
): Promise<{ readonly vulnerabilities: readonly Vulnerability[] } | { readonly reason: string }> {
  const answer: unknown = JSON.parse(await outputOf(['audit', '--json', ...options], projectRoot));
  const report = reportSchema.safeParse(answer);
  if (report.success) return { vulnerabilities: Object.values(report.data.vulnerabilities) };
  const notAsked = notAskedSchema.safeParse(answer);
  if (notAsked.success) return { reason: notAsked.data.message };
  throw new Error(`npm audit printed neither a report nor that it could not ask: ${JSON.stringify(answer)}`);
}

/** What npm prints, which ends with 1 for any finding. */
async function outputOf(arguments_: readonly string[], cwd: string): Promise<string> {
  try {
    return (await run('npm', arguments_, { cwd, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && error.stdout !== '') return String(error.stdout);
    throw error;
  }
}
