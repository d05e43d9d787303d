import { Ajv } from 'ajv';

/** A partial batch response as Lambda documents it, and nothing beside it. */
const schema = {
  type: 'object',
  required: ['batchItemFailures'],
  additionalProperties: false,
  properties: {
    batchItemFailures: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'object',
        required: ['itemIdentifier'],
        additionalProperties: false,
        properties: { itemIdentifier: { type: 'string', minLength: 1 } },
      },
    },
  },
} as const;

export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const validate = new Ajv().compile<BatchResponse>(schema);

/** The ids that a response names; undefined when it is not one, and when it names one twice. */
export function failedIdsOf(response: unknown): ReadonlySet<string> | undefined {
  return validate(response)
    ? new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    : undefined;
}
