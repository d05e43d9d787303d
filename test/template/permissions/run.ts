// Holds the policies of resources/ against everything that their holders do: `npm run check:permissions`. Exits 1 when one
// of them is refused what it needs, allows what nobody needs, or reaches what is not the relay's.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { packagedTemplate } from '../../../local/template/package.ts';
import { installTool, runCheck } from '../../support/tools.ts';
import { longestStage, templateWithEveryOption } from '../every-option.ts';
import { readTemplate } from '../template.ts';
import { checkPolicies } from './check.ts';

/** The runner gives the program's own path, wherever its bundle lies. */
const projectRoot = join(dirname(process.argv[1] ?? ''), '../../..');

const { values } = parseArgs({
  options: {
    deployer: { type: 'string', default: join(projectRoot, 'resources/deployer-policy.json') },
    operator: { type: 'string', default: join(projectRoot, 'resources/operator-policy.json') },
  },
});

async function findProblems(): Promise<string[]> {
  const tools = {
    schemas: await installTool('cfn-lint', { projectRoot }),
    cli: await installTool('aws-cli', { projectRoot }),
    evaluator: await installTool('iam-simulate', { projectRoot }),
  };
  const packaged = await packagedTemplate({ projectRoot, stage: 'prod', region: 'eu-west-1' });
  return checkPolicies({
    projectRoot,
    tools,
    templates: {
      prod: readTemplate(packaged.template),
      others: { [longestStage]: await templateWithEveryOption(longestStage, projectRoot) },
    },
    policies: {
      deployer: JSON.parse(await readFile(values.deployer, 'utf8')),
      operator: JSON.parse(await readFile(values.operator, 'utf8')),
    },
    print: (line) => void process.stdout.write(`${line}\n`),
  });
}

await runCheck(findProblems);
