import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = new URL('../../../', import.meta.url);
const textOf = (file: string) => readFileSync(new URL(file, root), 'utf8');
const page = textOf('docs/security.md');
const inCode = Array.from(
  page.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g),
  ([, word = '']) => word,
);

const packages: object = JSON.parse(textOf('package-lock.json')).packages;
/** What may be bundled: the packages that are not for development. */
const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);

describe('docs/security.md', () => {
  it('names only settings that there are, besides words of events', () => {
    const { params } = parse(textOf('serverless.yml'), { logLevel: 'silent' });
    const words = inCode.filter((word) => /^[a-z]+([A-Z][a-z]+)+$/.test(word));

    const unknown = words.filter((word) => !Object.hasOwn(params.default, word));

    expect(words).toEqual(expect.arrayContaining(['onlyTo', 'webhookPath', 'sendsPerSecond']));
    expect(unknown.filter((word) => word !== 'receivedAt')).toEqual([]);
  });

  it('names only files and folders that there are', () => {
    const paths = inCode.filter((word) => /^[\w.-]+\/[\w./-]+$/.test(word));

    const missing = paths.filter((path) => path !== '.relay/local.json' && !existsSync(new URL(path, root)));

    expect(paths.length).toBeGreaterThan(3);
    expect(missing).toEqual([]);
  });

  it('names only alarms, policies and codes that there are', () => {
    const [, alarms = ''] = /The alarms (.*?) \[ring\]/.exec(page) ?? [];
    const names = Array.from(alarms.matchAll(/`([^`]+)`/g), ([, name]) => name);

    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(textOf('resources/alarms.ts')).toContain(`name: '${name}'`);
    for (const policy of inCode.filter((word) => word.endsWith('Policy')))
      expect(textOf('resources/access-policies.yml')).toContain(`  ${policy}:\n`);
    expect(textOf('README.md')).toContain('`id-reused` on the sends DLQ');
  });

  it("has API Gateway's limit, and what costs.md has for requests that reach no queue", () => {
    const { extensions } = parse(textOf('resources/webhook-api.yml'));
    const { ThrottlingRateLimit: perSecond } = extensions.HttpApiStage.Properties.DefaultRouteSettings;
    const [, costs = ''] = /^messages from customers +(.*?)\n\n/ms.exec(textOf('docs/costs.md')) ?? [];
    const [, all = ''] = /^([\d.]+)/.exec(costs) ?? [];
    const [, queues = ''] = /put on queues +([\d.]+)/.exec(costs) ?? [];

    const aMillion = Number(all) - Number(queues);

    expect(page).toContain(`A million such requests cost $${aMillion.toFixed(2)}:`);
    expect(page).toContain(`API Gateway lets ${Number(perSecond).toLocaleString('en')} requests a second in`);
    expect(page).toContain(`which is $${Math.round((aMillion * perSecond * 24 * 60 * 60) / 1e6)} a day`);
  });

  it('counts what can be deployed, and has its licences', () => {
    const { dependencies } = JSON.parse(textOf('package.json'));
    const licences = new Set(production.map(([, { license }]) => license));

    expect(Object.keys(dependencies)).toHaveLength(5);
    expect(page).toContain(`- Five packages and what these need, ${production.length} together,`);
    expect(page).toContain(`the texts of the\n${production.length} packages (${[...licences].join(', ')}):`);
  });
});
