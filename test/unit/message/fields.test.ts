import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readColumns } from '../../../cli/bulk/columns.ts';
import { describedProgram } from '../../../cli/program.ts';
import { knownFields } from '../../../lib/message/message.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const [, chapter = ''] = readme.split('\n## Sending: the sends queue\n');
const [table = ''] = /^\| field \|[^]*?\n\n/m.exec(chapter) ?? [];

const program = await describedProgram();
const send = program.commands.find((command) => command.name() === 'send');

/** Fields that an option, or an argument, of another name gives. */
const typedAs: Readonly<Record<string, string>> = {
  businessId: 'business',
  templateName: 'template',
  parameters: 'param',
  campaignName: 'campaign',
  message: 'file',
};

/** A list fills several columns, each named after its parameter. */
const columnsOf: Readonly<Record<string, string>> = { parameters: 'body_1' };

describe.each(Object.entries(knownFields))('Every field of a message of type %s', (type, fields) => {
  it('stands in the table of the README', () => {
    const rows = table.split('\n').map((line) => line.split('|')[1] ?? '');

    const missing = fields.filter(
      (field) => field !== 'type' && !rows.some((row) => row.includes(`\`${field}\``)),
    );

    expect(missing).toEqual([]);
  });

  it('can be a column of a file that is sent in bulk', () => {
    const columns = fields.map((field) => columnsOf[field] ?? field);

    expect(() => readColumns(columns, [])).not.toThrow();
  });

  it('can be given to the command that sends such a message', () => {
    const command = send?.commands.find((each) => each.name() === type);
    const options = command?.options.map((option) => option.attributeName()) ?? [];
    const operands = command?.registeredArguments.map((argument) => argument.name()) ?? [];
    const given = new Set([...options, ...operands, 'type']);

    const missing = fields.filter((field) => !given.has(typedAs[field] ?? field));

    expect(missing).toEqual([]);
  });
});
