/** What AWS asks for one unit, in US dollars, and where that was read. */
interface Price {
  readonly dollars: number;
  readonly of: string;
  readonly source: string;
}

/**
 * When the prices were looked up; they change seldom, and mostly downwards. They come from stored copies of these pages,
 * not from AWS's price list, and are those of us-east-1: other regions ask up to a third more. Free tiers are left out.
 */
export const pricesLookedUp = '2026-11-23';

/** The price list. Where AWS gives a discount for large quantities, it is the first step. */
export const prices = {
  lambdaRequest: {
    dollars: 0.2 / 1e6,
    of: 'invocation',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  lambdaGbSecond: {
    dollars: 0.0000133334,
    of: 'GB-second on arm64',
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  sqsRequest: {
    dollars: 0.4 / 1e6,
    of: 'request of up to 64 KiB, standard queue',
    source: 'https://cloudburn.io/blog/amazon-sqs-pricing',
  },
  dynamoWrite: {
    dollars: 0.625 / 1e6,
    of: 'write of up to 1 KB, on demand',
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  dynamoRead: {
    dollars: 0.125 / 1e6,
    of: 'consistent read of up to 4 KB, on demand',
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  dynamoGbMonth: {
    dollars: 0.25,
    of: 'GB stored for a month',
    source: 'https://aws.amazon.com/dynamodb/pricing/',
  },
  dynamoBackupGbMonth: {
    dollars: 0.2,
    of: 'GB with point-in-time recovery, for a month',
    source: 'from memory: https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  httpApiRequest: {
    dollars: 1 / 1e6,
    of: 'request of up to 512 KB, HTTP API',
    source: 'https://www.apigatewaycost.com/aws',
  },
  logsGb: {
    dollars: 0.5,
    of: 'GB of logs taken in',
    source: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
  },
  logsGbMonth: {
    dollars: 0.03,
    of: 'GB of logs kept for a month, compressed',
    source: 'from memory: https://aws.amazon.com/cloudwatch/pricing/',
  },
  metricMonth: {
    dollars: 0.3,
    of: 'custom metric, for a month; by the hour in which it gets a value',
    source: 'https://signoz.io/guides/cloudwatch-pricing',
  },
  alarmMetricMonth: {
    dollars: 0.1,
    of: 'metric that an alarm watches, for a month',
    source: 'from memory: https://aws.amazon.com/cloudwatch/pricing/',
  },
  dashboardMonth: {
    dollars: 3,
    of: 'dashboard, for a month',
    source: 'https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/',
  },
  secretMonth: {
    dollars: 0.4,
    of: 'secret, for a month',
    source: 'https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms',
  },
  secretRequest: {
    dollars: 0.05 / 1e4,
    of: 'request to Secrets Manager',
    source: 'https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms',
  },
  dataOutGb: {
    dollars: 0.09,
    of: 'GB sent to the internet',
    source: 'https://www.apigatewaycost.com/aws',
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;
