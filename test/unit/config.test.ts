import { describe, expect, it } from 'vitest';
import { ConfigError, readReceiveConfig, readSendConfig, readSettleConfig } from '../../lib/config.ts';

const receiveEnvironment = {
  STAGE: 'prod',
  EVENTS_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/events',
  OUTCOMES_QUEUE_URL: 'https://q/outcomes',
  WEBHOOK_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:webhook',
};
const deliveryEnvironment = {
  STAGE: 'prod',
  SENDS_QUEUE_URL: 'https://q/sends',
  SENDS_DLQ_URL: 'https://q/dlq',
  OUTCOMES_QUEUE_URL: 'https://q/outcomes',
  LEDGER_TABLE: 'relay-ledger',
};
const sendEnvironment = {
  ...deliveryEnvironment,
  API_KEY_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:key',
  CONNECTLY_BASE_URL: 'https://api.connectly.ai',
  SENDS_PER_SECOND: '160',
  SENDER_CONCURRENCY: '2',
  SEND_WINDOW: '64',
};
const settleEnvironment = { ...deliveryEnvironment, OUTCOME_WAIT_SECONDS: '1800' };

/** As the template sets them when nobody fills in the parameters. */
const emptySettings = { LOG_LEVEL: '', BUSINESS_ID: '', SENDER_NUMBER: '', IF_UNCLEAR: '', ONLY_TO: '' };

function readSend(change: Readonly<Record<string, string | undefined>>) {
  return readSendConfig({ ...sendEnvironment, ...change });
}

describe('the settings of receive-webhook', () => {
  it('are read from its environment', () => {
    const config = readReceiveConfig({ ...receiveEnvironment, LOG_LEVEL: 'debug' });

    expect(config).toEqual({
      stage: 'prod',
      logLevel: 'debug',
      eventsQueueUrl: receiveEnvironment.EVENTS_QUEUE_URL,
      outcomesQueueUrl: 'https://q/outcomes',
      webhookSecretArn: receiveEnvironment.WEBHOOK_SECRET_ARN,
    });
  });

  it('log at info when nothing else is said', () => {
    const config = readReceiveConfig(receiveEnvironment);

    expect(config.logLevel).toBe('info');
  });

  it.each(Object.keys(receiveEnvironment))('are not complete without %s, which the error names', (name) => {
    const reads = [undefined, '', ' '].map(
      (value) => () => readReceiveConfig({ ...receiveEnvironment, [name]: value }),
    );

    for (const read of reads) {
      expect(read).toThrow(
        expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(name) }),
      );
    }
  });
});

describe('the settings of send-message', () => {
  it('have defaults for all that may be left out', () => {
    const configs = [readSend({}), readSend(emptySettings)];

    const defaults = {
      logLevel: 'info',
      businessId: undefined,
      senderNumber: undefined,
      ifUnclear: 'hold',
      onlyTo: undefined,
    };
    expect(configs[0]).toMatchObject(defaults);
    expect(configs[1]).toEqual(configs[0]);
  });

  it.each(['', '*'])('limit the recipients to nobody in particular with %j', (ONLY_TO) => {
    const config = readSend({ ONLY_TO });

    expect(config.onlyTo).toBeUndefined();
  });

  it('are read from its environment, blanks around them cut off', () => {
    const config = readSend({
      LOG_LEVEL: ' warn ',
      BUSINESS_ID: ' f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ',
      SENDER_NUMBER: '+14151111234',
      IF_UNCLEAR: 'resend',
      ONLY_TO: '+15555555555, US.1349 ',
    });

    expect(config).toEqual({
      stage: 'prod',
      logLevel: 'warn',
      sendsQueueUrl: 'https://q/sends',
      sendsDlqUrl: 'https://q/dlq',
      outcomesQueueUrl: 'https://q/outcomes',
      ledgerTable: 'relay-ledger',
      apiKeySecretArn: sendEnvironment.API_KEY_SECRET_ARN,
      connectlyBaseUrl: new URL('https://api.connectly.ai'),
      businessId: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
      senderNumber: '+14151111234',
      ifUnclear: 'resend',
      onlyTo: new Set(['+15555555555', 'US.1349']),
      ratePerSecond: 80,
      returnsPerSecond: 160,
      laneRates: { business: undefined, number: undefined },
      window: 64,
    });
  });

  it.each(Object.keys(sendEnvironment))('are not complete without %s, which the error names', (name) => {
    const read = () => readSend({ [name]: undefined });

    expect(read).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(name) }),
    );
  });

  it.each([
    ['LOG_LEVEL', 'INFO'],
    ['LOG_LEVEL', 'trace'],
    ['BUSINESS_ID', '..'],
    ['BUSINESS_ID', 'a/b'],
    ['SENDER_NUMBER', '4151111234'],
    ['SENDER_NUMBER', 'US.1349'],
    ['IF_UNCLEAR', 'retry'],
    ['IF_UNCLEAR', 'toString'],
    ['ONLY_TO', '+15555555555;+1999'],
    ['ONLY_TO', '+15555555555,'],
    ['ONLY_TO', 'everybody'],
    ['ONLY_TO', '*,+15555555555'],
    ['ONLY_TO', ' *'],
    ['ONLY_TO', ' '],
    ['ONLY_TO', ','],
    ['ONLY_TO', ' , \n'],
    ['SENDS_PER_SECOND', '0'],
    ['SENDS_PER_SECOND', '-1'],
    ['SENDS_PER_SECOND', 'many'],
    ['SENDS_PER_SECOND', 'Infinity'],
    ['SENDS_PER_SECOND_PER_BUSINESS', '0'],
    ['SENDS_PER_SECOND_PER_BUSINESS', 'many'],
    ['SENDS_PER_SECOND_PER_NUMBER', '-1'],
    ['SENDS_PER_SECOND_PER_NUMBER', '80/s'],
    ['SENDER_CONCURRENCY', '0'],
    ['SENDER_CONCURRENCY', '1.5'],
    ['SEND_WINDOW', '0'],
    ['SEND_WINDOW', '0.5'],
    ['SEND_WINDOW', '64 requests'],
  ])('are refused when %s is %j, and the error names it', (name, value) => {
    const read = () => readSend({ [name]: value });

    expect(read).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(name) }),
    );
  });

  it.each([
    ['STAGE', '', 'is not set'],
    ['LOG_LEVEL', 'trace', 'must be one of debug, info, warn, error'],
    ['IF_UNCLEAR', 'retry', 'must be one of hold, settle, resend'],
    ['BUSINESS_ID', 'a/b', 'must be the id of a business'],
    ['SENDER_NUMBER', '4151111234', 'must be a number like +15555555555'],
    ['ONLY_TO', 'everybody', 'must be numbers like +15555555555, separated by commas'],
    ['SENDS_PER_SECOND', '0', 'must be a number above 0'],
    ['SEND_WINDOW', '0.5', 'must be a whole number'],
    ['CONNECTLY_BASE_URL', 'api.connectly.ai', 'must be an address like https://api.connectly.ai'],
    [
      'CONNECTLY_BASE_URL',
      'https://example.com',
      'must be https on a host of connectly.ai, or a loopback address',
    ],
  ])('say what is wrong with %s when it is %j, and what to do', (variable, value, problem) => {
    const read = () => readSend({ [variable]: value });

    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      expect.objectContaining({
        variable,
        problem,
        message: `The setting ${variable} ${problem}. Set it in serverless.yml and deploy again.`,
      }),
    );
  });

  it.each(['hold', 'settle', 'resend'])('may have %s for IF_UNCLEAR', (IF_UNCLEAR) => {
    const config = readSend({ IF_UNCLEAR });

    expect(config.ifUnclear).toBe(IF_UNCLEAR);
  });

  it('fail in the same way when they are read a second time', () => {
    const environment = { ...sendEnvironment, IF_UNCLEAR: 'retry' };

    const reads = [1, 2].map(() => () => readSendConfig(environment));

    for (const read of reads) expect(read).toThrow(/IF_UNCLEAR/);
  });
});

describe('the rate of send-message', () => {
  it.each([
    ['160', '2', 80],
    ['80', '1', 80],
    ['0.5', '2', 0.25],
  ])('of %s a second over %s environments is %f for each', (SENDS_PER_SECOND, SENDER_CONCURRENCY, rate) => {
    const config = readSend({ SENDS_PER_SECOND, SENDER_CONCURRENCY });

    expect(config.ratePerSecond).toBe(rate);
  });

  it('of a business and of a number are shared as well, each where it is set', () => {
    const both = readSend({ SENDS_PER_SECOND_PER_BUSINESS: '100', SENDS_PER_SECOND_PER_NUMBER: '80' });
    const none = readSend({ SENDS_PER_SECOND_PER_BUSINESS: '', SENDS_PER_SECOND_PER_NUMBER: ' ' });

    expect(both.laneRates).toEqual({ business: 50, number: 40 });
    expect(none.laneRates).toEqual({ business: undefined, number: undefined });
  });
});

describe('the settings of settle-send', () => {
  it('are read from its environment', () => {
    const config = readSettleConfig({
      ...settleEnvironment,
      LOG_LEVEL: 'error',
      BUSINESS_ID: 'business-1',
      IF_UNCLEAR: 'settle',
      ONLY_TO: '+15555555555',
    });

    expect(config).toEqual({
      stage: 'prod',
      logLevel: 'error',
      sendsQueueUrl: 'https://q/sends',
      sendsDlqUrl: 'https://q/dlq',
      outcomesQueueUrl: 'https://q/outcomes',
      ledgerTable: 'relay-ledger',
      businessId: 'business-1',
      ifUnclear: 'settle',
      onlyTo: new Set(['+15555555555']),
      outcomeWaitMs: 1_800_000,
    });
  });

  it('have defaults for all that may be left out', () => {
    const config = readSettleConfig(settleEnvironment);

    expect(config).toMatchObject({ businessId: undefined, ifUnclear: 'hold', onlyTo: undefined });
  });

  it.each(Object.keys(settleEnvironment))('are not complete without %s, which the error names', (name) => {
    const read = () => readSettleConfig({ ...settleEnvironment, [name]: '' });

    expect(read).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining(name) }),
    );
  });

  it.each(['0', '-1', 'soon', 'NaN'])('are refused with a wait of %s seconds', (OUTCOME_WAIT_SECONDS) => {
    const read = () => readSettleConfig({ ...settleEnvironment, OUTCOME_WAIT_SECONDS });

    expect(read).toThrow(/OUTCOME_WAIT_SECONDS/);
  });
});

describe('the base URL', () => {
  it.each([
    'https://api.connectly.ai',
    'https://api.connectly.ai/',
    'https://connectly.ai',
    'https://eu.api.connectly.ai/proxy',
    'http://127.0.0.1:8080',
    'https://localhost:8443/fake',
    'http://[::1]:8080',
  ])('may be %s', (value) => {
    const config = readSend({ CONNECTLY_BASE_URL: value });

    expect(config.connectlyBaseUrl).toEqual(new URL(value));
  });

  it.each([
    'http://api.connectly.ai',
    'https://api.connectly.ai:8443',
    'https://user@api.connectly.ai',
    'https://user:word@api.connectly.ai',
    'https://:word@api.connectly.ai',
    'https://api.connectly.ai?key=1',
    'https://api.connectly.ai#part',
    'https://api.connectly.ai.example.com',
    'https://notconnectly.ai',
    'https://api.connectly.ai@example.com',
    'https://example.com/api.connectly.ai',
    'https://10.0.0.1',
    'http://169.254.169.254',
    'http://127.0.0.2',
    'http://localhost.example.com',
    'ftp://127.0.0.1',
    'ftp://api.connectly.ai',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'api.connectly.ai',
    '//api.connectly.ai',
    'https://',
  ])('must not be %s', (value) => {
    const read = () => readSend({ CONNECTLY_BASE_URL: value });

    expect(read).toThrow(
      expect.objectContaining({
        code: 'config-invalid',
        message: expect.stringContaining('CONNECTLY_BASE_URL'),
      }),
    );
  });
});
