import { ConfigError, readSendConfig, readSettleConfig } from '../lib/config.ts';
import { timeForOneMessageMs } from '../lib/delivery/time.ts';
import { nearest } from '../lib/message/nearest.ts';

/** The parameters as serverless.yml and the command line give them. */
export interface GivenSettings {
  readonly stage: string;
  readonly region: string;
  /** `params` of serverless.yml: by stage, and `default`. */
  readonly params: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Each `name=value` of the command line's --param. */
  readonly commandLine: readonly string[];
  /** The timeout of send-message. */
  readonly sendTimeoutSeconds: number;
}

export interface Setting {
  readonly value: string;
  /** Where it was set, in words. */
  readonly place: string;
  /** YAML has read it as a number, and may have altered what was written. */
  readonly isNumber?: boolean;
  /** YAML has read it as a list or a map. */
  readonly isCollection?: boolean;
}

/** The settings that hold for a stage, by name: the command line's before the stage's before the default. */
export function settingsOf({ stage, params, commandLine }: GivenSettings): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const [name, value] of Object.entries(params['default'] ?? {}))
    settings.set(name, written(value, 'params.default in serverless.yml'));
  for (const [name, value] of Object.entries(params[stage] ?? {}))
    settings.set(name, written(value, `params.${stage} in serverless.yml`));
  for (const given of commandLine) {
    const [name = '', ...value] = given.split('=');
    settings.set(name, { value: value.join('=').trim(), place: '--param on the command line' });
  }
  return settings;
}

function written(value: unknown, place: string): Setting {
  return {
    value: String(value),
    place,
    ...(typeof value === 'number' && { isNumber: true }),
    ...(typeof value === 'object' && value !== null && { isCollection: true }),
  };
}

/** Settings that may look like numbers, and are texts: a long one or one with zeros before it comes out altered. */
const texts: ReadonlySet<string> = new Set(['businessId', 'senderNumber', 'onlyTo']);

/** What cannot work, one line each: the setting, where it was set, what is wrong, what to do. Empty when all is well. */
export function settingProblems(given: GivenSettings): string[] {
  const settings = settingsOf(given);
  const single = [...settings].flatMap(([name, setting]) => {
    const problem = problemOf(name, setting, given);
    return problem === undefined ? [] : [`${name} (${setting.place}) ${problem}`];
  });
  const all = [...stageProblems(given), ...unknownNames(given), ...emptyOnCommandLine(given), ...single];
  // What is wrong by itself would only be said again.
  return all.length > 0 ? all : togetherProblems(settings, given);
}

/** What is wrong with a setting by itself, in words that go on after its name; undefined for nothing. */
export function problemOf(
  name: string,
  { value, isNumber = false, isCollection = false }: Setting,
  given: GivenSettings,
): string | undefined {
  if (isCollection)
    return 'is a list or a map, and must be one text. Put commas between its parts, and quotes around all.';
  const problem = rules[name]?.(value, given);
  if (problem !== undefined || !isNumber || !texts.has(name)) return problem;
  return `is a number, and may have been altered. ${inQuotes}`;
}

const inQuotes = 'In serverless.yml, put it in quotes.';

/** What is wrong with a value, in words that go on after the setting's name; undefined for nothing. */
type Rule = (value: string, given: GivenSettings) => string | undefined;

/** An hour and more is left of the four days after the longest wait. */
const longestOutcomeWaitSeconds = 2 * 24 * 60 * 60;
const day = 24 * 60 * 60;

/** What CloudWatch Logs takes. */
const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const rules: Readonly<Record<string, Rule>> = {
  connectlyBaseUrl: asTheFunctionsDo('CONNECTLY_BASE_URL'),
  businessId: asTheFunctionsDo('BUSINESS_ID'),
  senderNumber: asTheFunctionsDo('SENDER_NUMBER', inQuotes),
  ifUnclear: asTheFunctionsDo('IF_UNCLEAR'),
  onlyTo: (value, given) =>
    value !== '' && value.trim() === ''
      ? "is set, but names nobody, and would let everybody through: name recipients, or '*' for everybody."
      : asTheFunctionsDo('ONLY_TO', 'In serverless.yml, put them in quotes.')(value, given),
  logLevel: asTheFunctionsDo('LOG_LEVEL'),
  sendsPerSecond: rate(10_000, 'More has never been tried.'),
  sendsPerSecondPerNumber: rate(1_000, 'WhatsApp takes no more from a number.'),
  sendsPerSecondPerBusiness: (value) =>
    value === '' ? undefined : rate(connectlyLimit, 'That is the limit of Connectly.')(value),
  // What Lambda takes as MaximumConcurrency of a queue.
  senderConcurrency: whole(2, 1000, 'Lambda takes no other for a queue.'),
  // A function has 1,024 file descriptors, and a request needs one or two.
  sendWindow: whole(1, 500, 'Each request in flight needs a connection of its own.'),
  sendBatchSize: whole(1, 10_000, 'Lambda takes no more from a queue at once.'),
  outcomeWaitSeconds: whole(
    1,
    longestOutcomeWaitSeconds,
    'A parked send must be settled before its queue forgets it.',
  ),
  settleWindowSeconds: whole(
    1,
    60,
    'The visibility timeout of the outcomes queue has room for no longer one.',
  ),
  webhookPath: (value) =>
    value.length <= 256 && /^(\/[A-Za-z0-9._~-]+)+$/.test(value)
      ? undefined
      : 'must be a path like /webhooks: a slash, letters, digits, ".", "_", "~" and "-".',
  queueRetentionSeconds: whole(4 * day, 13 * day, 'A message may be queued 3 days before it expires.'),
  dlqRetentionSeconds: whole(5 * day, 14 * day, 'SQS keeps nothing for longer.'),
  logRetentionDays: (value) =>
    logRetentionDays.includes(numberIn(value))
      ? undefined
      : `must be one of ${logRetentionDays.join(', ')}: CloudWatch Logs knows no other.`,
  functionMemoryMb: whole(128, 10_240, 'Lambda knows no other.'),
  alarmEmail: (value) =>
    value === '' || /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/.test(value)
      ? undefined
      : 'must be one e-mail address. For several, subscribe them to the topic in the output AlarmTopicArn.',
  alarmTopicArn: arn(
    /^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/,
    'arn:aws:sns:REGION:ACCOUNT:NAME',
  ),
  alarmWebhooksPerHour: perHour,
  alarmSendsPerHour: perHour,
  dataKeyArn: arn(
    /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/,
    'arn:aws:kms:REGION:ACCOUNT:key/ID',
  ),
  logKeyArn: arn(/^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/, 'arn:aws:kms:REGION:ACCOUNT:key/ID'),
  dashboard: oneOf('true', 'false'),
  tracing: oneOf('true', 'false'),
  deletionPolicy: oneOf('Delete', 'Retain', 'RetainExceptOnCreate'),
  terminationProtection: oneOf('true', 'false'),
  accessLog: oneOf('true', 'false'),
  extraTags: (value) =>
    value === '' || tagsIn(value) !== undefined
      ? undefined
      : 'must be tags like Owner=payments,CostCentre=4711: at most 45 names that differ, not service, stage nor aws:..., of letters, digits, blanks and ".", "_", ":", "/", "+", "-", "@".',
  permissionsBoundaryArn: globalArn(
    /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/,
    'arn:aws:iam::ACCOUNT:policy/NAME',
  ),
  deploymentBucket: (value) =>
    value === '' || /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9]([a-z0-9.-]{1,61})[a-z0-9]$/.test(value)
      ? undefined
      : 'must be the name of a bucket: 3 to 63 small letters, digits, "." and "-".',
  cloudFormationRoleArn: globalArn(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    'arn:aws:iam::ACCOUNT:role/NAME',
  ),
  eventsOperator: (value) =>
    value === '' || (/^(user|role|\*)\/[\w+=,.@*/-]+$/.test(value) && /\w/.test(value.replace(/^\w+/, '')))
      ? undefined
      : "must be a user or a role of the account, like user/NAME or role/PATH/NAME. '*' stands for anything, but not for everybody.",
};

/** Tags by name, out of `Name=Value,Name=Value`; undefined for what AWS does not take, or what we set ourselves. */
export function tagsIn(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = text.split(',').map((pair) => pair.trim());
  const tags = new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim(), value.join('=').trim()] as const;
    }),
  );
  // IAM does not tell capital letters from small ones.
  const names = new Set(['service', 'stage', ...[...tags.keys()].map((name) => name.toLowerCase())]);
  const isSound = pairs.every((pair) => /^(?!aws:)[\w .:/+-]{1,128}=[\w .:/=+@-]{0,256}$/i.test(pair));
  return isSound && pairs.length <= 45 && names.size === pairs.length + 2 ? tags : undefined;
}

/** Settings that the functions need besides the one in question. */
const sound: Readonly<Record<string, string>> = {
  STAGE: 'any',
  SENDS_QUEUE_URL: 'any',
  SENDS_DLQ_URL: 'any',
  OUTCOMES_QUEUE_URL: 'any',
  LEDGER_TABLE: 'any',
  API_KEY_SECRET_ARN: 'any',
  CONNECTLY_BASE_URL: 'https://api.connectly.ai',
  SENDS_PER_SECOND: '1',
  SENDER_CONCURRENCY: '2',
  SEND_WINDOW: '1',
  OUTCOME_WAIT_SECONDS: '1',
};

/** Asks the code that reads the setting in a function, so that the two never disagree. */
function asTheFunctionsDo(variable: string, hint = 'Correct it.'): Rule {
  return (value) => {
    const environment = { ...sound, [variable]: value };
    try {
      readSendConfig(environment);
      readSettleConfig(environment);
      return undefined;
    } catch (error) {
      if (error instanceof ConfigError) return `${error.problem}. ${hint}`;
      throw error;
    }
  };
}

function numberIn(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** What Connectly takes in a second. Whether of a key, a business or a number, its documentation does not say. */
const connectlyLimit = 200;

function rate(most: number, reason: string) {
  return (value: string): string | undefined => {
    const number = numberIn(value);
    return number > 0 && number <= most
      ? undefined
      : `must be a number above 0 and at most ${most}. ${reason}`;
  };
}

function whole(least: number, most: number, reason: string): Rule {
  return (value) => {
    const number = numberIn(value);
    if (Number.isInteger(number) && number >= least && number <= most) return undefined;
    return `must be a whole number from ${least} to ${most}. ${reason}`;
  };
}

function perHour(value: string, given: GivenSettings): string | undefined {
  return value === '' ? undefined : whole(1, 10_000_000, 'No stage has more in an hour.')(value, given);
}

function oneOf(...values: readonly string[]): Rule {
  return (value) => (values.includes(value) ? undefined : `must be one of ${values.join(', ')}.`);
}

/** `pattern` catches the region. */
function arn(pattern: RegExp, example: string): Rule {
  return (value, { region }) => {
    if (value === '') return undefined;
    const [, found] = pattern.exec(value) ?? [];
    if (found === undefined) return `must be an ARN like ${example}.`;
    return found === region ? undefined : `is in ${found}, but the stack is for ${region}: name one there.`;
  };
}

/** Of IAM, which has no regions. */
function globalArn(pattern: RegExp, example: string): Rule {
  return (value) => (value === '' || pattern.test(value) ? undefined : `must be an ARN like ${example}.`);
}

/** The longest name is that of a function, connectly-relay-STAGE-receive-webhook, which may have 64 characters. */
const longestStage = 32;

/** Whether a stage may be called so. */
export function isStage(name: string): boolean {
  return name.length <= longestStage && /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name);
}

function stageProblems({ stage }: GivenSettings): string[] {
  return isStage(stage)
    ? []
    : [
        `The stage must be at most ${longestStage} letters, digits and hyphens between them: it is part of the names of queues, functions and the stack. Choose another with --stage.`,
      ];
}

function unknownNames({ params, commandLine }: GivenSettings): string[] {
  const known = Object.keys(params['default'] ?? {});
  const inFile = Object.entries(params).flatMap(([stage, values]) =>
    Object.keys(values).map((name) => ({ name, place: `params.${stage} in serverless.yml` })),
  );
  const onCommandLine = commandLine.map((given) => ({
    name: given.split('=')[0] ?? '',
    place: '--param on the command line',
  }));
  return [...inFile, ...onCommandLine]
    .filter(({ name }) => !known.includes(name))
    .map(({ name, place }) => {
      const meant = nearest(name, known);
      const remedy = meant === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean ${meant}?`;
      return `${name} (${place}) is not a setting. ${remedy}`;
    });
}

/** Somebody who passes an empty value has an empty variable, and would deploy the default without knowing. */
function emptyOnCommandLine({ commandLine }: GivenSettings): string[] {
  return commandLine
    .map((given) => given.split('='))
    .filter(([, ...value]) => value.join('=').trim() === '')
    .map(
      ([name]) => `${name ?? ''} (--param on the command line) is empty: give it a value, or leave it out.`,
    );
}

/** Lambda needs a moment to start, and the batching window passes before. */
const startMs = 2_000;

function togetherProblems(settings: ReadonlyMap<string, Setting>, given: GivenSettings): string[] {
  const value = (name: string) => settings.get(name)?.value ?? '';
  const number = (name: string) => numberIn(value(name));
  // Where the stage has a number or a business of its own, a whole batch is of them.
  const bounds = [
    'sendsPerSecond',
    ...(value('senderNumber') === '' ? [] : ['sendsPerSecondPerNumber']),
    ...(value('businessId') === '' ? [] : ['sendsPerSecondPerBusiness']),
  ].filter((name) => number(name) > 0);
  const slowest = bounds.toSorted((one, other) => number(one) - number(other)).at(0) ?? 'sendsPerSecond';
  const share = number(slowest) / number('senderConcurrency');
  const sendingSeconds = (given.sendTimeoutSeconds * 1000 - timeForOneMessageMs - startMs) / 1000;
  const largestBatch = Math.floor(share * sendingSeconds);
  const problems: string[] = [];
  if (largestBatch < 1) {
    problems.push(
      `${slowest} (${settings.get(slowest)?.place ?? ''}) is too low: in the ${given.sendTimeoutSeconds} s of send-message, its share for each of ${number('senderConcurrency')} is not one message. Raise it, or lower senderConcurrency.`,
    );
  } else if (number('sendBatchSize') > largestBatch) {
    problems.push(
      `sendBatchSize (${settings.get('sendBatchSize')?.place ?? ''}) is more than can be sent in the ${given.sendTimeoutSeconds} s of send-message at ${share} a second: with ${slowest} ${number(slowest)} and senderConcurrency ${number('senderConcurrency')}, set it to ${largestBatch} at most.`,
    );
  }
  if (number('sendsPerSecond') > connectlyLimit && value('sendsPerSecondPerBusiness') === '') {
    problems.push(
      `sendsPerSecond (${settings.get('sendsPerSecond')?.place ?? ''}) is above ${connectlyLimit}, the limit of Connectly: lower it. If the limit is of each business, as you must find out, set sendsPerSecondPerBusiness to ${connectlyLimit} at most.`,
    );
  }
  if (number('dlqRetentionSeconds') <= number('queueRetentionSeconds')) {
    problems.push(
      `dlqRetentionSeconds (${settings.get('dlqRetentionSeconds')?.place ?? ''}) must be above queueRetentionSeconds: a dead letter keeps its first enqueue time, and would be gone before anybody sees it.`,
    );
  }
  if (value('alarmEmail') !== '' && value('alarmTopicArn') !== '') {
    problems.push(
      `alarmEmail (${settings.get('alarmEmail')?.place ?? ''}) goes with the stack's own topic only: subscribe the address to alarmTopicArn yourself, and leave alarmEmail out.`,
    );
  }
  return problems;
}
