/** Any part of a template. */
type Part = unknown;

interface Conditional {
  readonly Condition?: unknown;
}

/** A template as far as conditions go. */
export interface TemplateWithConditions {
  readonly Conditions?: Readonly<Record<string, Part>>;
  readonly Resources: Readonly<Record<string, object>>;
  readonly Outputs?: Readonly<Record<string, object>>;
}

/**
 * Settles every condition whose answer is known when packaging: what it leaves out is gone, what it lets in stands there
 * without it. So the deployed template is what a reviewer reads, and no validator complains about comparing constants.
 */
export function settleConditions<Template extends TemplateWithConditions>(template: Template): Template {
  const { Conditions: conditions = {}, ...rest } = template;
  const settled = new Map(
    Object.entries(conditions).map(([name, condition]) => [name, answerTo(condition, conditions)]),
  );
  const open = Object.entries(conditions).filter(([name]) => settled.get(name) === undefined);
  const settledTemplate = Object.entries(rest).map(([section, content]) => [
    section,
    section === 'Resources' || section === 'Outputs' ? chosen(content, settled) : content,
  ]);
  return {
    ...Object.fromEntries(settledTemplate),
    ...(open.length > 0 && { Conditions: Object.fromEntries(open) }),
  };
}

type Settled = ReadonlyMap<string, boolean | undefined>;

/** True, false, or undefined when only a deployment can tell. */
function answerTo(condition: Part, all: Readonly<Record<string, Part>>): boolean | undefined {
  const [[name, argument] = []] = Object.entries(record(condition));
  const parts = list(argument);
  const answers = () => parts.map((part) => answerTo(part, all));
  switch (name) {
    case 'Condition':
      return typeof argument === 'string' ? answerTo(all[argument], all) : undefined;
    case 'Fn::Equals': {
      const [one, other] = parts.map(constant);
      return one === undefined || other === undefined ? undefined : one === other;
    }
    case 'Fn::Not': {
      const [answer] = answers();
      return answer === undefined ? undefined : !answer;
    }
    case 'Fn::And':
      return answers().includes(false) ? false : answers().includes(undefined) ? undefined : true;
    case 'Fn::Or':
      return answers().includes(true) ? true : answers().includes(undefined) ? undefined : false;
    default:
      return undefined;
  }
}

/** CloudFormation compares texts; what YAML reads as a number or a truth value is one, too. */
function constant(value: Part): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/** The resources or outputs that are left. */
function chosen(section: Part, settled: Settled): Record<string, Part> {
  const entries = Object.entries(record(section)).flatMap(([name, entry]) => {
    const { Condition: condition, ...rest }: Conditional = record(entry);
    const answer = typeof condition === 'string' ? settled.get(condition) : undefined;
    if (answer === false) return [];
    const kept = answer === true ? rest : entry;
    return [[name, withoutIfs(kept, settled)] as const];
  });
  return Object.fromEntries(entries);
}

const nothing = Symbol('AWS::NoValue');

function withoutIfs(part: Part, settled: Settled): Part {
  if (Array.isArray(part)) {
    return part.map((each) => withoutIfs(each, settled)).filter((each) => each !== nothing);
  }
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part);
  const [[name, argument] = []] = entries;
  if (name === 'Ref' && argument === 'AWS::NoValue') return nothing;
  if (name === 'Fn::If') {
    const [condition, yes, no] = list(argument);
    const answer = settled.get(String(condition));
    // One that stays needs its AWS::NoValue.
    return answer === undefined ? part : withoutIfs(answer ? yes : no, settled);
  }
  return Object.fromEntries(
    entries
      .map(([key, value]) => [key, withoutIfs(value, settled)] as const)
      .filter(([, value]) => value !== nothing),
  );
}

function record(value: Part): Readonly<Record<string, Part>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function list(value: Part): readonly Part[] {
  return Array.isArray(value) ? value : [];
}
