// Judges requests by policies, with an evaluator that others wrote: `evaluate.mjs FOLDER`, where FOLDER is the node_modules
// that the evaluator is in. Reads `{ policies, requests }` from stdin and writes one verdict for each request to stdout.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';

const { isWildcardOnlyAction, runSimulation, runUnsafeSimulation } = createRequire(
  join(process.argv[2] ?? '', 'index.js'),
)('@cloud-copilot/iam-simulate');

/**
 * What its data does not know: actions that AWS's reference does not list, and kinds of resource that it does not list
 * for an action. Then patterns alone decide.
 */
const unlisted = new Set(['invalid.action', 'no.resource.types']);

/** A key's policy that lets the account's policies decide, as KMS gives one to a new key: without, nobody may use a key. */
const keyPolicy = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*', Resource: '*' },
  ],
};

/**
 * @typedef {object} Request
 * @property {string} policy
 * @property {string} [resourcePolicy]
 * @property {string} [principal]
 * @property {string} action
 * @property {string} resource
 * @property {Record<string, string>} context
 */

async function verdictOn(/** @type {Record<string, object>} */ policies, /** @type {Request} */ request) {
  const { policy, resourcePolicy, action, resource, context } = request;
  const { principal = 'arn:aws:iam::123456789012:user/somebody' } = request;
  const [service, operation] = action.split(':');
  const hasNoResources = await isWildcardOnlyAction(service, operation).catch(() => false);
  const simulation = {
    request: {
      principal,
      action,
      resource: { resource: hasNoResources ? '*' : resource, accountId: '123456789012' },
      contextVariables: context,
    },
    identityPolicies: [{ name: policy, policy: policies[policy] }],
    ...(resource.includes(':kms:') && { resourcePolicy: keyPolicy }),
    ...(resourcePolicy !== undefined && { resourcePolicy: policies[resourcePolicy] }),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  // Its data has no condition keys of identity providers: judging by the data would leave them out.
  if (action === 'sts:AssumeRoleWithWebIdentity')
    return { result: runUnsafeSimulation(simulation, {}), hasNoResources };
  const result = await runSimulation(simulation, {});
  if (result.resultType !== 'error') return { result: result.overallResult, hasNoResources };
  const { message } = result.errors;
  return unlisted.has(message)
    ? { result: runUnsafeSimulation(simulation, {}), hasNoResources, unlisted: message }
    : { error: `${action} on ${resource}: ${JSON.stringify(result.errors)}` };
}

/** @type {any} */
const asked = await json(process.stdin);
/** @type {{ policies: Record<string, object>, requests: Request[] }} */
const { policies, requests } = asked;
const verdicts = [];
for (const request of requests) verdicts.push(await verdictOn(policies, request));
process.stdout.write(JSON.stringify(verdicts));
