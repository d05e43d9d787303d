// Bundled and run by the tests that kill it: invokes a function and tells its process id once it is running.
import { createLambdaFunction } from '../../local/aws/lambda/lambda-function.ts';

const [codeDirectory = '', projectRoot = ''] = process.argv.slice(2);
const lambdaFunction = createLambdaFunction({
  name: 'child',
  projectRoot,
  codeDirectory,
  handler: 'index.handler',
  timeoutSeconds: 900,
  memoryMb: 128,
  environment: {},
  region: 'eu-west-1',
  accountId: '123456789012',
  maximumConcurrency: 1,
  onLog: (log) => {
    if (log.stream === 'stdout') process.stdout.write(`${log.line}\n`);
  },
});
process.on('SIGUSR2', () => process.exit(0));
await lambdaFunction.invoke({});
