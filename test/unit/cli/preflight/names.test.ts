import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { kinds, namesIn } from '../../../../cli/preflight/names.ts';
import { parseTemplate } from '../../../../local/template/stack-template.ts';

it('Every name that the template of prod gives to a resource is looked for', async () => {
  const template = parseTemplate(parse(await readFile('test/template/prod-template.yml', 'utf8')));
  const named = Object.values(template.Resources).flatMap(({ Properties: properties = {} }) =>
    Object.values(properties).filter(
      (value): value is string =>
        typeof value === 'string' && /^[/\w-]*connectly-relay[-/]prod[\w/-]*$/.test(value),
    ),
  );
  // APIs may be called alike.
  const wanted = [...new Set(named)].filter((name) => name !== 'connectly-relay-prod');

  const found = [...namesIn(template).values()].flat();

  // Alarms are called as the queues that they watch.
  expect(new Set(found)).toEqual(new Set(wanted));
  expect([...namesIn(template)].filter(([, names]) => names.length === 0)).toEqual([]);
  expect(Object.keys(kinds)).toHaveLength(9);
});
