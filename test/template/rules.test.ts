import { beforeAll, describe, expect, it } from 'vitest';
import { prodRules } from './prod-rules.ts';
import { prodTemplate } from './prod-template.ts';
import type { Template } from './template.ts';

let template: Template;

beforeAll(async () => {
  template = await prodTemplate();
}, 120_000);

describe('The template of prod', () => {
  it.each(Object.entries(prodRules))('%s', (_, rule) => {
    const problems = rule(template);

    expect(problems).toEqual([]);
  });
});
