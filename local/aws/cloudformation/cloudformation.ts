import type { Clock } from '../../clock.ts';
import { AwsError, type QueryService } from '../protocols/service.ts';

export interface StackRecord {
  readonly name: string;
  /** `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID` */
  readonly id: string;
  /** By name. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface CloudFormation {
  readonly service: QueryService;
  /** Makes a stack known, as created without a hitch. */
  addStack(stack: StackRecord): void;
}

/** The part of CloudFormation that tells what a stack's outputs are. */
export function createCloudFormation({ clock }: { clock: Clock }): CloudFormation {
  const stacks: (StackRecord & { readonly createdAt: Date })[] = [];
  return {
    service: {
      version: '2010-05-15',
      namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
      operations: {
        async DescribeStacks({ StackName: wanted }) {
          const found = stacks.filter(
            ({ name, id }) => wanted === undefined || wanted === name || wanted === id,
          );
          if (found.length === 0 && typeof wanted === 'string')
            throw new AwsError('ValidationError', `Stack with id ${wanted} does not exist`);
          return { Stacks: found.map(describe) };
        },
      },
    },
    addStack: (stack) => void stacks.push({ ...stack, createdAt: new Date(clock.now()) }),
  };
}

function describe({ name, id, outputs, createdAt }: StackRecord & { readonly createdAt: Date }): object {
  return {
    StackId: id,
    StackName: name,
    CreationTime: createdAt,
    StackStatus: 'CREATE_COMPLETE',
    DisableRollback: false,
    Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  };
}
