import { alarmResources } from './alarm-resources.ts';
import type { WatchedStage } from './alarms.ts';
import { settleConditions, type TemplateWithConditions } from './conditions.ts';
import { dashboardBody } from './dashboard.ts';
import { withoutRedundantDependencies } from './dependencies.ts';
import { suppressionMetadata } from './suppressions.ts';

type Resources = TemplateWithConditions['Resources'];

export interface CompleteOptions extends WatchedStage {
  readonly service: string;
  /** For the name of the dashboard: an account's dashboards share their names over all regions. */
  readonly region: string;
  /** The topic that alarms go to; empty for the stack's own. */
  readonly alarmTopicArn: string;
  /** The names of the outputs that are ours, not the framework's. */
  readonly ownOutputs: readonly string[];
}

/**
 * Adds to a packaged template what is easier computed than written: alarms, the dashboard, and an SSM parameter for each
 * of our outputs. Then settles its conditions, and says of each resource which checks do not apply to it and why.
 */
export function completeTemplate(
  template: TemplateWithConditions,
  options: CompleteOptions,
): TemplateWithConditions {
  const { service, stage, region, alarmTopicArn, accessLog } = options;
  const topic = alarmTopicArn === '' ? { Ref: 'AlarmTopic' } : alarmTopicArn;
  const alarms = alarmResources(options, [topic]);
  const dashboard = {
    Type: 'AWS::CloudWatch::Dashboard',
    Condition: 'HasDashboard',
    Properties: {
      DashboardName: `${service}-${stage}-${region}`,
      DashboardBody: { 'Fn::Sub': JSON.stringify(dashboardBody(stage, Object.keys(alarms))) },
    },
  };
  const { Resources: resources, ...rest } = settleConditions({
    ...template,
    Resources: {
      // What the framework writes for an access log is taken out again.
      ...(accessLog ? template.Resources : withoutAccessLog(template.Resources)),
      ...alarms,
      Dashboard: dashboard,
      ...outputParameters(template, options),
    },
  });
  return {
    ...rest,
    Resources: Object.fromEntries(
      Object.entries(withoutRedundantDependencies(resources)).map(([id, each]) => [id, explained(each)]),
    ),
  };
}

function withoutAccessLog(resources: Resources): Resources {
  const { Properties: properties = {}, ...stage }: { Properties?: object } = {
    ...without(resources['HttpApiStage'] ?? {}, 'DependsOn'),
  };
  return {
    ...without(resources, 'HttpApiLogGroup'),
    HttpApiStage: { ...stage, Properties: without(properties, 'AccessLogSettings') },
  };
}

function without<Value>(
  values: Readonly<Record<string, Value>> | object,
  name: string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}

/** An SSM parameter for each output, for whatever cannot read outputs: /connectly-relay/prod/sends-queue-url. */
function outputParameters(
  { Outputs: outputs = {} }: TemplateWithConditions,
  { service, stage, ownOutputs }: CompleteOptions,
): Record<string, object> {
  const entries = ownOutputs.map((name) => {
    const { Value, Condition, Description }: Output = outputs[name] ?? {};
    const parameter = {
      Type: 'AWS::SSM::Parameter',
      ...(Condition !== undefined && { Condition }),
      Properties: {
        Name: `/${service}/${stage}/${kebabCase(name)}`,
        Type: 'String',
        ...(Description !== undefined && { Description }),
        Value,
      },
    };
    return [`${name}Parameter`, parameter] as const;
  });
  return Object.fromEntries(entries);
}

interface Output {
  readonly Value?: unknown;
  readonly Condition?: unknown;
  readonly Description?: unknown;
}

function kebabCase(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

function explained(resource: object): object {
  const type = 'Type' in resource ? String(resource.Type) : '';
  const metadata = suppressionMetadata(type);
  if (metadata === undefined) return resource;
  const own = 'Metadata' in resource && typeof resource.Metadata === 'object' ? resource.Metadata : {};
  return { ...resource, Metadata: { ...own, ...metadata } };
}
