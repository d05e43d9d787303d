import { type Alarm, alarmsOf, type WatchedStage } from './alarms.ts';
import { expressionOf, type Measure } from './measures.ts';

/** The alarms as CloudFormation resources by logical id. `actions`: what they call, as an expression. */
export function alarmResources(
  place: WatchedStage & { readonly service: string },
  actions: readonly unknown[],
): Record<string, object> {
  return Object.fromEntries(
    alarmsOf(place).map((alarm) => [
      `${alarm.id}Alarm`,
      {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmName: `${place.service}-${place.stage}-${alarm.name}`,
          AlarmDescription: expressionOf(
            `${alarm.means} ${alarm.ends} First: ${alarm.command} --region \${AWS::Region}`,
          ),
          ...metricsOf(alarm),
          EvaluationPeriods: alarm.of,
          DatapointsToAlarm: alarm.datapoints,
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: alarm.above,
          TreatMissingData: 'notBreaching',
          AlarmActions: actions,
          OKActions: actions,
        },
      },
    ]),
  );
}

function metricsOf({ watches, periodSeconds, name }: Alarm): object {
  if ('measure' in watches) {
    return { ...metricOf(watches.measure), Statistic: watches.statistic, Period: periodSeconds };
  }
  const terms = Object.entries(watches.terms).map(([id, { measure, statistic }]) => ({
    Id: id,
    ReturnData: false,
    MetricStat: { Stat: statistic, Period: periodSeconds, Metric: metricOf(measure) },
  }));
  return { Metrics: [{ Id: 'value', Label: name, Expression: watches.expression }, ...terms] };
}

function metricOf({ namespace, name, dimensions }: Measure): object {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([dimension, text]) => ({
      Name: dimension,
      Value: expressionOf(text),
    })),
  };
}
