import { packagedTemplate } from '../../local/template/package.ts';

/**
 * Packages what local stacks start from and what prod deploys before the first test asks for either: at the same time,
 * several workers would each find them missing and package them, which takes seconds.
 */
export default async function packageOnce(): Promise<void> {
  const packaged = ['local', 'prod'].map((stage) =>
    packagedTemplate({ projectRoot: process.cwd(), stage, region: 'us-east-1' }),
  );
  // A template that cannot be packaged is told by the tests that need it; the others need none.
  await Promise.allSettled(packaged);
}
