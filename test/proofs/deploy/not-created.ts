/**
 * The types of resource that moto leaves out of a stack, each with what shows that it is right nevertheless. A type that is
 * left out and not listed here is a failure, and so is one listed here that moto does create.
 */
export const coveredElsewhere: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Api': 'the validators, and our own HTTP API played from the same template',
  'AWS::ApiGatewayV2::Integration': 'the validators, and our own HTTP API played from the same template',
  'AWS::ApiGatewayV2::Route': 'the validators, and our own HTTP API played from the same template',
  'AWS::ApiGatewayV2::Stage': "the validators, and the template's own rules for throttling and access logs",
  'AWS::CloudWatch::Alarm': "the validators, and the template's own rules for alarms",
  'AWS::S3::BucketPolicy': "the validators; it is the packager's own",
  'AWS::SNS::TopicPolicy': "the validators, and the template's own rules for policies",
  'AWS::SQS::QueuePolicy': "the validators, and the template's own rules for queues",
};

/** What is wrong with the list: for each type that the template has, whether moto created it must agree with it. */
export function disagreements(
  resources: ReadonlyMap<string, { readonly type: string; readonly created: boolean }>,
): string[] {
  const problems = [...resources].flatMap(([logicalId, { type, created }]) => {
    const listed = Object.hasOwn(coveredElsewhere, type);
    if (!created && !listed) return `${logicalId} (${type}) was not created, and no check is named for it`;
    if (created && listed) return `${logicalId} (${type}) was created: take it off the list`;
    return [];
  });
  const types = new Set([...resources.values()].map(({ type }) => type));
  const stale = Object.keys(coveredElsewhere).filter((type) => !types.has(type));
  return [...problems, ...stale.map((type) => `the template has no ${type}: take it off the list`)];
}
