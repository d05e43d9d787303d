import { RelayError } from './errors.ts';
import { type LogLevel, logLevels } from './logger.ts';
import { businessIdPattern } from './message/business-id.ts';
import type { IfUnclear } from './message/message.ts';
import { bsuidPattern, e164Pattern } from './message/phone-number.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ReceiveConfig {
  readonly stage: string;
  readonly logLevel: LogLevel;
  readonly eventsQueueUrl: string;
  readonly outcomesQueueUrl: string;
  readonly webhookSecretArn: string;
}

/** What send-message and settle-send both need. */
export interface DeliveryConfig {
  readonly stage: string;
  readonly logLevel: LogLevel;
  readonly sendsQueueUrl: string;
  readonly sendsDlqUrl: string;
  readonly outcomesQueueUrl: string;
  readonly ledgerTable: string;
  /** The business of messages that name none. */
  readonly businessId: string | undefined;
  readonly ifUnclear: IfUnclear;
  /** When set, everybody else is refused. */
  readonly onlyTo: ReadonlySet<string> | undefined;
}

export interface SendConfig extends DeliveryConfig {
  readonly apiKeySecretArn: string;
  readonly connectlyBaseUrl: URL;
  /** The business number of messages that name none. */
  readonly senderNumber: string | undefined;
  /** Requests a second that one execution environment may start: its share of the stage's. */
  readonly ratePerSecond: number;
  /** Messages a second that one execution environment has come back once sending goes on after a pause. */
  readonly returnsPerSecond: number;
  /** Its shares of the rates of one business and of one sender number; undefined: no less than the stage's. */
  readonly laneRates: { readonly business: number | undefined; readonly number: number | undefined };
  /** Requests in flight at most, of one execution environment. */
  readonly window: number;
}

export interface SettleConfig extends DeliveryConfig {
  /** How long a delivery status may take to settle a send, in milliseconds. */
  readonly outcomeWaitMs: number;
}

/** Reads the settings of receive-webhook. Throws `config-invalid`, naming the variable. */
export function readReceiveConfig(environment: Environment): ReceiveConfig {
  return {
    stage: required(environment, 'STAGE'),
    logLevel: oneOf(environment, 'LOG_LEVEL', logLevels, 'info'),
    eventsQueueUrl: required(environment, 'EVENTS_QUEUE_URL'),
    outcomesQueueUrl: required(environment, 'OUTCOMES_QUEUE_URL'),
    webhookSecretArn: required(environment, 'WEBHOOK_SECRET_ARN'),
  };
}

/** Reads the settings of send-message. Throws `config-invalid`, naming the variable. */
export function readSendConfig(environment: Environment): SendConfig {
  const concurrency = count(environment, 'SENDER_CONCURRENCY');
  const stageRate = positive(environment, 'SENDS_PER_SECOND');
  const shareOf = (name: string) => {
    return optional(environment, name) === undefined ? undefined : positive(environment, name) / concurrency;
  };
  return {
    ...readDeliveryConfig(environment),
    apiKeySecretArn: required(environment, 'API_KEY_SECRET_ARN'),
    connectlyBaseUrl: baseUrl(environment, 'CONNECTLY_BASE_URL'),
    senderNumber: senderNumber(environment, 'SENDER_NUMBER'),
    ratePerSecond: stageRate / concurrency,
    // The stage's: one environment may have turned everybody away, and all of them send what comes back.
    returnsPerSecond: stageRate,
    laneRates: {
      business: shareOf('SENDS_PER_SECOND_PER_BUSINESS'),
      number: shareOf('SENDS_PER_SECOND_PER_NUMBER'),
    },
    window: count(environment, 'SEND_WINDOW'),
  };
}

/** Reads the settings of settle-send. Throws `config-invalid`, naming the variable. */
export function readSettleConfig(environment: Environment): SettleConfig {
  return {
    ...readDeliveryConfig(environment),
    outcomeWaitMs: positive(environment, 'OUTCOME_WAIT_SECONDS') * 1000,
  };
}

function readDeliveryConfig(environment: Environment): DeliveryConfig {
  return {
    stage: required(environment, 'STAGE'),
    logLevel: oneOf(environment, 'LOG_LEVEL', logLevels, 'info'),
    sendsQueueUrl: required(environment, 'SENDS_QUEUE_URL'),
    sendsDlqUrl: required(environment, 'SENDS_DLQ_URL'),
    outcomesQueueUrl: required(environment, 'OUTCOMES_QUEUE_URL'),
    ledgerTable: required(environment, 'LEDGER_TABLE'),
    businessId: businessId(environment, 'BUSINESS_ID'),
    ifUnclear: oneOf(environment, 'IF_UNCLEAR', ['hold', 'settle', 'resend'], 'hold'),
    onlyTo: recipients(environment, 'ONLY_TO'),
  };
}

function optional(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

function required(environment: Environment, name: string): string {
  const value = optional(environment, name);
  if (value === undefined) throw invalid(name, 'is not set');
  return value;
}

function positive(environment: Environment, name: string): number {
  const value = Number(required(environment, name));
  if (!(Number.isFinite(value) && value > 0)) throw invalid(name, 'must be a number above 0');
  return value;
}

function count(environment: Environment, name: string): number {
  const value = positive(environment, name);
  if (!Number.isSafeInteger(value)) throw invalid(name, 'must be a whole number');
  return value;
}

function oneOf<Value extends string>(
  environment: Environment,
  name: string,
  values: readonly Value[],
  fallback: Value,
): Value {
  const text = optional(environment, name);
  if (text === undefined) return fallback;
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw invalid(name, `must be one of ${values.join(', ')}`);
  return value;
}

function businessId(environment: Environment, name: string): string | undefined {
  const id = optional(environment, name);
  if (id !== undefined && !businessIdPattern.test(id)) throw invalid(name, 'must be the id of a business');
  return id;
}

function senderNumber(environment: Environment, name: string): string | undefined {
  const number = optional(environment, name);
  if (number !== undefined && !e164Pattern.test(number))
    throw invalid(name, 'must be a number like +15555555555');
  return number;
}

function recipients(environment: Environment, name: string): ReadonlySet<string> | undefined {
  const text = environment[name] ?? '';
  // Everybody: by default, and on purpose. A list that names nobody was meant to name somebody.
  if (text === '' || text === '*') return undefined;
  const list = text.split(',').map((recipient) => recipient.trim());
  if (!list.every((recipient) => e164Pattern.test(recipient) || bsuidPattern.test(recipient))) {
    throw invalid(name, 'must be numbers like +15555555555, separated by commas');
  }
  return new Set(list);
}

/** The API key goes wherever this points: Connectly's hosts over https, or a fake one on this machine. */
function baseUrl(environment: Environment, name: string): URL {
  const text = required(environment, name);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username || url.password || url.search || url.hash) {
    throw invalid(name, 'must be an address like https://api.connectly.ai');
  }
  const http = url.protocol === 'http:' || url.protocol === 'https:';
  const loopback = http && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const connectly = url.protocol === 'https:' && url.port === '' && /(^|\.)connectly\.ai$/.test(url.hostname);
  if (!loopback && !connectly)
    throw invalid(name, 'must be https on a host of connectly.ai, or a loopback address');
  return url;
}

/** A setting that cannot work. `variable` holds it; `problem` says what is wrong with it, without its value. */
export class ConfigError extends RelayError {
  readonly variable: string;
  readonly problem: string;

  constructor(variable: string, problem: string) {
    super('config-invalid', `The setting ${variable} ${problem}. Set it in serverless.yml and deploy again.`);
    this.variable = variable;
    this.problem = problem;
  }
}

function invalid(name: string, problem: string): ConfigError {
  return new ConfigError(name, problem);
}
