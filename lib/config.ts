import { RelayError } from './errors.ts';
import { type LogLevel, logLevels } from './logger.ts';
import { businessIdPattern } from './message/business-id.ts';
import type { IfUnclear } from './message/message.ts';
import { bsuidPattern, e164Pattern } from './message/phone-number.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ReceiveConfig {
  readonly logLevel: LogLevel;
  readonly eventsQueueUrl: string;
  readonly webhookSecretArn: string;
}

export interface SendConfig {
  readonly logLevel: LogLevel;
  readonly sendsQueueUrl: string;
  readonly sendsDlqUrl: string;
  readonly outcomesQueueUrl: string;
  readonly ledgerTable: string;
  readonly apiKeySecretArn: string;
  readonly connectlyBaseUrl: URL;
  /** The business of messages that name none. */
  readonly businessId: string | undefined;
  /** The business number of messages that name none. */
  readonly senderNumber: string | undefined;
  readonly ifUnclear: IfUnclear;
  /** When set, everybody else is refused. */
  readonly onlyTo: ReadonlySet<string> | undefined;
}

/** Reads the settings of receive-webhook. Throws `config-invalid`, naming the variable. */
export function readReceiveConfig(environment: Environment): ReceiveConfig {
  return {
    logLevel: oneOf(environment, 'LOG_LEVEL', logLevels, 'info'),
    eventsQueueUrl: required(environment, 'EVENTS_QUEUE_URL'),
    webhookSecretArn: required(environment, 'WEBHOOK_SECRET_ARN'),
  };
}

/** Reads the settings of send-message. Throws `config-invalid`, naming the variable. */
export function readSendConfig(environment: Environment): SendConfig {
  return {
    logLevel: oneOf(environment, 'LOG_LEVEL', logLevels, 'info'),
    sendsQueueUrl: required(environment, 'SENDS_QUEUE_URL'),
    sendsDlqUrl: required(environment, 'SENDS_DLQ_URL'),
    outcomesQueueUrl: required(environment, 'OUTCOMES_QUEUE_URL'),
    ledgerTable: required(environment, 'LEDGER_TABLE'),
    apiKeySecretArn: required(environment, 'API_KEY_SECRET_ARN'),
    connectlyBaseUrl: baseUrl(environment, 'CONNECTLY_BASE_URL'),
    businessId: businessId(environment, 'BUSINESS_ID'),
    senderNumber: senderNumber(environment, 'SENDER_NUMBER'),
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
  const text = optional(environment, name);
  if (text === undefined) return undefined;
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

function invalid(name: string, problem: string): RelayError {
  return new RelayError(
    'config-invalid',
    `The setting ${name} ${problem}. Set it in serverless.yml and deploy again.`,
  );
}
