import { AwsError, type AwsOperation } from '../protocols/service.ts';

const invalid = (message: string) => new AwsError('com.amazon.coral.validate#ValidationException', message);

/**
 * UpdateTimeToLive and DescribeTimeToLive: which attribute is a table's time to live. `describeTable` rejects for a
 * table that there is not.
 */
export function createTimeToLive(describeTable: (tableName: string) => Promise<unknown>) {
  const attributes = new Map<string, string>();

  async function existing(input: Readonly<Record<string, unknown>>): Promise<string> {
    const { TableName: tableName } = input;
    if (typeof tableName !== 'string') throw invalid('TableName must be given.');
    await describeTable(tableName);
    return tableName;
  }

  return {
    async UpdateTimeToLive(input) {
      const tableName = await existing(input);
      const { attributeName, enabled } = specificationOf(input['TimeToLiveSpecification']);
      const current = attributes.get(tableName);
      if (enabled && current !== undefined) throw invalid('TimeToLive is already enabled');
      if (!enabled && current === undefined) throw invalid('TimeToLive is already disabled');
      if (enabled) attributes.set(tableName, attributeName);
      else attributes.delete(tableName);
      return { TimeToLiveSpecification: { AttributeName: attributeName, Enabled: enabled } };
    },
    async DescribeTimeToLive(input) {
      const attributeName = attributes.get(await existing(input));
      return {
        TimeToLiveDescription:
          attributeName === undefined
            ? { TimeToLiveStatus: 'DISABLED' }
            : { TimeToLiveStatus: 'ENABLED', AttributeName: attributeName },
      };
    },
  } satisfies Record<string, AwsOperation>;
}

function specificationOf(value: unknown): { attributeName: string; enabled: boolean } {
  if (typeof value === 'object' && value !== null && 'AttributeName' in value && 'Enabled' in value) {
    const { AttributeName: attributeName, Enabled: enabled } = value;
    // AWS: 1 to 255 characters.
    if (typeof attributeName === 'string' && /^.{1,255}$/.test(attributeName) && typeof enabled === 'boolean')
      return { attributeName, enabled };
  }
  throw invalid('TimeToLiveSpecification must have AttributeName and Enabled.');
}
