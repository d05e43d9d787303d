import { beforeAll, describe, expect, it } from 'vitest';
import { plant } from './planted-faults.ts';
import { prodTemplate } from './prod-template.ts';
import { snapshotOf } from './snapshot.ts';
import type { Template } from './template.ts';

let template: Template;

beforeAll(async () => {
  template = await prodTemplate();
}, 120_000);

describe('The snapshot of the template of prod', () => {
  it('is what would be deployed; "npm run template:snapshot" writes it anew', async () => {
    const snapshot = snapshotOf(template);

    await expect(snapshot).toMatchFileSnapshot('prod-template.yml');
  });

  it('shows a change as the lines that change, and nothing else', () => {
    const changed = plant(template, {
      fault: 'another visibility timeout',
      change: { 'Resources.SendsQueue.Properties.VisibilityTimeout': 400 },
      caughtBy: ['hides a message for six times the timeout of its function'],
    });

    const before = snapshotOf(template).split('\n');
    const after = snapshotOf(changed).split('\n');

    expect(before.filter((line, index) => line !== after[index])).toEqual(['      VisibilityTimeout: 361']);
    expect(after.filter((line, index) => line !== before[index])).toEqual(['      VisibilityTimeout: 400']);
  });

  it('holds no time of packaging', () => {
    const snapshot = snapshotOf(template);

    expect(snapshot).toContain('S3Key: serverless/connectly-relay/prod/TIME/sendMessage.zip');
    expect(snapshot).not.toMatch(/\d{4}-\d\d-\d\dT\d\d:|\d{13}/);
  });
});
