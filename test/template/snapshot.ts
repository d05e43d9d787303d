import { stringify } from 'yaml';
import type { Template } from './template.ts';

const heading = `# What \`serverless package --stage prod\` deploys, for whoever reviews a change. JSON within texts is written out, and
# where the code lies, which has a time stamp in it, is left out. \`npm run template:snapshot\` writes it anew.
`;

/** A template as a reviewer reads it: always the same for the same template, one property on a line. */
export function snapshotOf(template: Template): string {
  return heading + stringify(readable(template), { lineWidth: 0, aliasDuplicateObjects: false });
}

function readable(value: unknown): unknown {
  if (typeof value === 'string') return readableText(value);
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, readable(each)]));
}

function readableText(text: string): unknown {
  if (/^serverless\/.*\.zip$/.test(text)) return text.replace(/\/[^/]*T[^/]*Z\//, '/TIME/');
  if (!/^\{[^]*\}$/.test(text) || text.startsWith('{{')) return text;
  try {
    return readable(JSON.parse(text));
  } catch {
    return text;
  }
}
