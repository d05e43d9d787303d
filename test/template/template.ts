import * as z from 'zod';

const resourceSchema = z.looseObject({
  Type: z.string(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })),
});

/** A packaged CloudFormation template, as far as the rules look into it. */
export type Template = z.infer<typeof templateSchema>;

export function readTemplate(template: unknown): Template {
  return templateSchema.parse(template);
}

/** What is wrong with a template, in words that name the resource; empty when nothing is. */
export type Rule = (template: Template) => string[];

export type Properties = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly id: string;
  readonly properties: Properties;
}

export function resourcesOf(template: Template, type: string): Resource[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, { Properties: properties }]) => ({ id, properties }));
}

/** The properties of the resource that an expression refers to. */
export function propertiesOf(template: Template, reference: unknown): Properties {
  return template.Resources[referenceOf(reference) ?? '']?.Properties ?? {};
}

/** The logical id in `{ "Ref": id }` and in `{ "Fn::GetAtt": [id, attribute] }`. */
export function referenceOf(expression: unknown): string | undefined {
  const { Ref: ref, 'Fn::GetAtt': attribute } = record(expression);
  if (typeof ref === 'string') return ref;
  return textsIn(attribute)[0];
}

/** The logical id in `{ "Fn::GetAtt": [id, "Arn"] }`. */
export function arnOf(expression: unknown): string | undefined {
  const [id, attribute] = textsIn(record(expression)['Fn::GetAtt']);
  return attribute === 'Arn' ? id : undefined;
}

/** An event source mapping with its queue's and its function's properties. */
export interface Mapping extends Resource {
  readonly queue: Properties;
  readonly lambda: Properties;
}

export function mappingsOf(template: Template): Mapping[] {
  return resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(({ id, properties }) => ({
    id,
    properties,
    queue: propertiesOf(template, properties['EventSourceArn']),
    lambda: propertiesOf(template, properties['FunctionName']),
  }));
}

/** A statement of a policy and the resource that holds it. */
export interface Statement {
  readonly id: string;
  readonly type: string;
  readonly statement: Properties;
}

/** Every statement of every policy anywhere in the template. */
export function statementsOf(template: Template): Statement[] {
  return Object.entries(template.Resources).flatMap(([id, { Type: type, Properties: properties }]) =>
    everyObjectIn(properties)
      .filter((each) => 'Effect' in each)
      .map((statement) => ({ id, type, statement })),
  );
}

/** One thing or a list of them. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function record(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Every text anywhere in a value. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Object.values(record(value)).flatMap(textsIn);
}

export function everyObjectIn(value: unknown): Properties[] {
  if (typeof value !== 'object' || value === null) return [];
  return [record(value), ...Object.values(value).flatMap(everyObjectIn)];
}

/** The problems of the claims that do not hold. */
export function problemsUnless(...claims: readonly (readonly [holds: boolean, problem: string])[]): string[] {
  return claims.filter(([holds]) => !holds).map(([, problem]) => problem);
}
