import { createHash } from 'node:crypto';
import { Evaluator, type Scope } from './intrinsics.ts';
import { PropertyReader } from './property-reader.ts';
import { localTypes, verdictOn } from './resource-types.ts';
import type { StackTemplate, TemplateParameter, TemplateResource } from './stack-template.ts';
import { TemplateError } from './template-error.ts';

/** What only the running emulators know. Called while the description is made. */
export interface PhysicalIds {
  queueUrl(queueName: string): string;
  /** Called before the secret is created: it has to be the ARN that it is going to have. */
  secretArn(secretName: string): string;
  /** The local front's base URL for an API, without a slash at the end. */
  apiEndpoint(apiId: string): string;
}

export interface StackOptions {
  region: string;
  accountId: string;
  stackName: string;
  resolveRef: PhysicalIds;
}

/** A value that rests upon a resource which has no local part. */
export class NoLocalPartError extends TemplateError {}

interface PropertyNames {
  /** Evaluated and handed to the reader. */
  read: readonly string[];
  /** Known, and without a meaning on one machine: not even evaluated. */
  passedOver?: readonly string[];
}

/** The resources that exist under the template's conditions, and the names and ids they have here. */
export class StackResources {
  readonly evaluator: Evaluator;
  readonly #options: StackOptions;
  readonly #template: StackTemplate;
  readonly #resources: ReadonlyMap<string, TemplateResource>;
  readonly #naming = new Set<string>();

  constructor(template: StackTemplate, options: StackOptions) {
    this.#options = options;
    this.#template = template;
    this.#resources = new Map(Object.entries(template.Resources));
    const scope: Scope = {
      ref: (name, at) => this.#ref(name, at),
      getAtt: (logicalId, attribute, at) => this.#getAtt(logicalId, attribute, at),
      mappings: template.Mappings,
      conditions: template.Conditions,
    };
    this.evaluator = new Evaluator(scope);
  }

  /** The resources of a type, in the template's order. */
  ofType(type: string): { logicalId: string; resource: TemplateResource }[] {
    return this.existing().filter(({ resource }) => resource.Type === type);
  }

  /** Every resource whose condition holds. A type that nobody has judged is an error. */
  existing(): { logicalId: string; resource: TemplateResource }[] {
    const found = [...this.#resources].map(([logicalId, resource]) => ({ logicalId, resource }));
    for (const { logicalId, resource } of found) {
      if (verdictOn(resource.Type) === 'unknown')
        throw new TemplateError(
          logicalId,
          `the local stack does not know ${resource.Type}: give it a part, or list it as ignored in local/template/resource-types.ts`,
        );
    }
    return found.filter(({ logicalId, resource }) => this.#exists(logicalId, resource));
  }

  /** A resource's properties, evaluated; a property that is in neither list is an error. */
  properties(logicalId: string, { read, passedOver = [] }: PropertyNames): PropertyReader {
    const values: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(this.#resource(logicalId, logicalId).Properties ?? {})) {
      const at = `${logicalId}.${name}`;
      if (passedOver.includes(name)) continue;
      if (!read.includes(name)) throw new TemplateError(at, 'is not understood by the local stack');
      const value = this.evaluator.value(expression, at);
      if (value !== undefined) values[name] = value;
    }
    return new PropertyReader(values, logicalId);
  }

  /** A resource's own name: the one it is given, or one made of the stack's name and its logical id. */
  name(logicalId: string, property: string): string {
    if (this.#naming.has(logicalId)) throw new TemplateError(`${logicalId}.${property}`, 'depends on itself');
    this.#naming.add(logicalId);
    try {
      const expression = this.#resource(logicalId, logicalId).Properties?.[property];
      const name =
        expression === undefined ? undefined : this.evaluator.value(expression, `${logicalId}.${property}`);
      if (name === undefined) return `${this.#options.stackName}-${logicalId}`;
      return this.evaluator.text(name, `${logicalId}.${property}`);
    } finally {
      this.#naming.delete(logicalId);
    }
  }

  queueName = (logicalId: string) => this.name(logicalId, 'QueueName');
  queueArn = (logicalId: string) => this.#arn('sqs', this.queueName(logicalId));
  secretName = (logicalId: string) => this.name(logicalId, 'Name');
  functionName = (logicalId: string) => this.name(logicalId, 'FunctionName');
  functionArn = (logicalId: string) => this.#arn('lambda', `function:${this.functionName(logicalId)}`);
  tableName = (logicalId: string) => this.name(logicalId, 'TableName');
  tableArn = (logicalId: string) => this.#arn('dynamodb', `table/${this.tableName(logicalId)}`);

  /** Ten small letters and digits, as API Gateway's ids are; always the same for the same stack. */
  apiId(logicalId: string): string {
    const digest = createHash('sha256').update(`${this.#options.stackName}/${logicalId}`).digest('hex');
    return BigInt(`0x${digest}`).toString(36).slice(-10);
  }

  /**
   * Puts the local front in place of every address of an API of this stack. Templates build that address out of the
   * API's id (`https://<id>.execute-api.<region>.<suffix>`), so it can only be recognised once it is whole.
   */
  withLocalEndpoints(text: string): string {
    let result = text;
    for (const { logicalId } of this.ofType(localTypes.api)) {
      const apiId = this.apiId(logicalId);
      const pattern = new RegExp(`https://${apiId}\\.execute-api\\.[a-z0-9-]+\\.[a-z0-9.-]+[a-z0-9]`, 'g');
      result = result.replaceAll(pattern, () => this.#options.resolveRef.apiEndpoint(apiId));
    }
    return result;
  }

  #exists(logicalId: string, { Condition }: TemplateResource): boolean {
    return Condition === undefined || this.evaluator.condition(Condition, logicalId);
  }

  #resource(logicalId: string, at: string): TemplateResource {
    const resource = this.#resources.get(logicalId);
    if (!resource) throw new TemplateError(at, `there is no resource ${logicalId} in the template`);
    if (!this.#exists(logicalId, resource))
      throw new TemplateError(at, `${logicalId} does not exist under the template's conditions`);
    return resource;
  }

  #ref(name: string, at: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(name, at);
    const parameters = new Map(Object.entries(this.#template.Parameters ?? {}));
    const parameter = parameters.get(name);
    if (parameter) return parameterValue(name, parameter, at);
    const { Type: type } = this.#resource(name, at);
    const ids = this.#options.resolveRef;
    switch (type) {
      case localTypes.queue:
        return ids.queueUrl(this.queueName(name));
      case localTypes.secret:
        return ids.secretArn(this.secretName(name));
      case localTypes.function:
        return this.functionName(name);
      case localTypes.table:
        return this.tableName(name);
      case localTypes.api:
        return this.apiId(name);
      case localTypes.integration:
      case localTypes.route:
      case localTypes.eventSourceMapping:
        return name;
      default:
        throw new NoLocalPartError(at, `Ref of ${name}: ${type} has no local part`);
    }
  }

  #getAtt(logicalId: string, attribute: string, at: string): unknown {
    const { Type: type } = this.#resource(logicalId, at);
    const ids = this.#options.resolveRef;
    switch (`${type} ${attribute}`) {
      case `${localTypes.queue} Arn`:
        return this.queueArn(logicalId);
      case `${localTypes.queue} QueueName`:
        return this.queueName(logicalId);
      case `${localTypes.queue} QueueUrl`:
        return ids.queueUrl(this.queueName(logicalId));
      case `${localTypes.secret} Id`:
        return ids.secretArn(this.secretName(logicalId));
      case `${localTypes.function} Arn`:
        return this.functionArn(logicalId);
      case `${localTypes.table} Arn`:
        return this.tableArn(logicalId);
      case `${localTypes.api} ApiId`:
        return this.apiId(logicalId);
      case `${localTypes.api} ApiEndpoint`:
        return ids.apiEndpoint(this.apiId(logicalId));
      default:
        if (verdictOn(type) === 'ignored')
          throw new NoLocalPartError(
            at,
            `Fn::GetAtt of ${logicalId}.${attribute}: ${type} has no local part`,
          );
        throw new TemplateError(at, `Fn::GetAtt: the attribute ${attribute} of ${type} is not understood`);
    }
  }

  #pseudoParameter(name: string, at: string): string {
    const { region, accountId, stackName } = this.#options;
    switch (name) {
      case 'AWS::Region':
        return region;
      case 'AWS::AccountId':
        return accountId;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return stackName;
      case 'AWS::StackId':
        return stackId(this.#options);
      default:
        throw new TemplateError(at, `the pseudo parameter ${name} is not understood`);
    }
  }

  #arn(service: string, rest: string): string {
    const { region, accountId } = this.#options;
    return `arn:aws:${service}:${region}:${accountId}:${rest}`;
  }
}

/** AWS ends it with an id of its own for each creation; here there is one at a time. */
export function stackId({ region, accountId, stackName }: Omit<StackOptions, 'resolveRef'>): string {
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;
}

function parameterValue(name: string, parameter: TemplateParameter, at: string): unknown {
  const { Type: type, Default: value } = parameter;
  if (value === undefined) throw new TemplateError(at, `the parameter ${name} has no default`);
  if (type === 'String' || type === 'Number') return String(value);
  if (type === 'CommaDelimitedList' || type === 'List<Number>')
    return String(value)
      .split(',')
      .map((entry) => entry.trim());
  throw new TemplateError(at, `the parameter ${name} has the type ${type}, whose value only AWS knows`);
}
