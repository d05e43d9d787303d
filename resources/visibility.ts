/** AWS: a queue hides a message for at least six times the timeout of its function, and the batching window besides. */
const timesTheTimeout = 6;

type Properties = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, object>>;

/** The queues of a template that would hand out messages again while their function may still work on them. */
export function visibilityProblems(resources: Resources): string[] {
  return Object.keys(resources)
    .map((id) => propertiesOf(resources, id, 'AWS::Lambda::EventSourceMapping'))
    .flatMap((mapping) => {
      const queueId = referenced(mapping['EventSourceArn']);
      const functionId = referenced(mapping['FunctionName']);
      const queue = propertiesOf(resources, queueId, 'AWS::SQS::Queue');
      const lambda = propertiesOf(resources, functionId, 'AWS::Lambda::Function');
      const visibilitySeconds = Number(queue['VisibilityTimeout']);
      const needed =
        timesTheTimeout * Number(lambda['Timeout']) + Number(mapping['MaximumBatchingWindowInSeconds'] ?? 0);
      return visibilitySeconds < needed
        ? [
            `VisibilityTimeout of ${queueId} is ${visibilitySeconds} s: set it to ${needed} at least in resources/queues.yml, ${timesTheTimeout} times the timeout of ${functionId} and its batching window.`,
          ]
        : [];
    });
}

function propertiesOf(resources: Resources, id: string, type: string): Properties {
  const resource: { Type?: unknown; Properties?: unknown } = resources[id] ?? {};
  const { Properties: properties } = resource;
  return resource.Type === type && typeof properties === 'object' && properties !== null
    ? { ...properties }
    : {};
}

/** The logical id in `{ "Fn::GetAtt": [id, "Arn"] }`. */
function referenced(expression: unknown): string {
  const found: unknown =
    typeof expression === 'object' && expression !== null && 'Fn::GetAtt' in expression
      ? expression['Fn::GetAtt']
      : [];
  return Array.isArray(found) ? String(found[0]) : '';
}
