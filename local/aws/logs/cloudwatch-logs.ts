import type { Clock } from '../../clock.ts';
import type { AwsService } from '../protocols/service.ts';
import { describeLogGroups } from './describe-log-groups.ts';
import { noSuchLogGroup } from './errors.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { LogGroup } from './log-group.ts';

export interface CloudWatchLogs {
  readonly service: AwsService;
  createLogGroup(name: string): void;
  /** Adds an event at this moment. Throws for a group that there is not. */
  write(groupName: string, event: { readonly logStreamName: string; readonly message: string }): void;
}

export interface CloudWatchLogsOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
}

/** The part of CloudWatch Logs that reads: the newest events of each group, in memory. */
export function createCloudWatchLogs({ clock, region, accountId }: CloudWatchLogsOptions): CloudWatchLogs {
  let newest = 0;
  const groups = new Map<string, LogGroup>();
  const arnOf = (name: string) => `arn:aws:logs:${region}:${accountId}:log-group:${name}`;

  function groupOf(nameOrArn: string): LogGroup {
    const group = groups.get(nameOrArn.startsWith(arnOf('')) ? nameOrArn.slice(arnOf('').length) : nameOrArn);
    if (group === undefined) throw noSuchLogGroup();
    return group;
  }

  return {
    service: {
      target: 'Logs_20140328',
      contentType: 'application/x-amz-json-1.1',
      operations: {
        FilterLogEvents: async (input) => filterLogEvents(input, groupOf),
        DescribeLogGroups: async (input) => describeLogGroups(input, [...groups.values()], arnOf),
      },
    },
    createLogGroup: (name) => void groups.set(name, new LogGroup(name, clock.now(), () => (newest += 1))),
    write: (groupName, event) => groupOf(groupName).add({ ...event, at: clock.now() }),
  };
}
