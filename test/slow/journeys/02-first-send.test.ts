import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendText } from '../../../cli/send/send.ts';
import { type Journey, resultsIn, startJourney } from '../../support/journey.ts';
import { asTyped } from '../../support/relay-command.ts';
import { patienceMs } from '../../support/waiting.ts';

const customer = '+15555555555';
const silentCustomer = '+16315550777';
const code = 'ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, 2 * patienceMs);

afterAll(() => journey.end());

const stepsOf = (stdout: string) => resultsIn(sendText, stdout);

describe('The first send, and a wrong one', { timeout: patienceMs }, () => {
  it('is read; outside of the window it is tried once, and waits among the dead letters with its reason', async () => {
    await journey.fake('windows', { customer: silentCustomer, state: 'expired' });

    const right = await journey.relay(...asTyped`send text --to ${customer} --text hello! --follow --json`);
    const wrong = await journey.relay(
      ...asTyped`send text --to ${silentCustomer} --text "too late" --id late --follow --json`,
    );
    const explained = await journey.relay('explain', code);

    const letters = await journey.received('SendsDlqUrl');
    const { requests } = await journey.seen();
    expect([right.exitCode, wrong.exitCode]).toEqual([0, 5]);
    expect(stepsOf(right.stdout).map(({ step }) => step)).toContain('read');
    expect(stepsOf(wrong.stdout).map(({ step }) => step)).toEqual(['queued', 'refused']);
    expect(stepsOf(wrong.stdout).at(-1)).toMatchObject({ code, remedy: expect.stringMatching(/template/i) });
    expect(requests.newest.filter(({ recipient }) => recipient === silentCustomer)).toHaveLength(1);
    expect(letters).toMatchObject([
      { body: { id: 'late' }, attributes: { 'error.code': code, 'error.message': expect.any(String) } },
    ]);
    expect(explained.stdout).toContain('Remedy');
  });
});
