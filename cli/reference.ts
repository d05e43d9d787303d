import type { Command, Option } from 'commander';
import { exitCodeMeanings } from './errors.ts';
import { describedProgram, programExamples } from './program.ts';

const introduction = `# The command line

\`npx relay\` in the folder of the project, \`npx --prefix FOLDER relay\` in any other. Written by \`npm run docs:cli\` from
the definitions of the commands: change those, not this page.`;

const rules = `Data goes to stdout, words to stderr. With \`--json\` a command prints one object, a stream one object on each line, and an
error is \`{"error":{"code","message"}}\` on stderr. Where nobody can be asked, what would be asked needs \`--yes\`. What a
terminal shows in colour has none when it is piped, or when \`NO_COLOR\` is set. A file \`.env\` in the folder of the project
is read; what is set already stays. The first Ctrl-C ends a command in order, a second one at once.`;

const proxies = `## Behind a proxy

A command at a stage goes to AWS and Connectly through the proxy that \`HTTPS_PROXY\` names, or \`HTTP_PROXY\` for an address
with \`http\`: \`http://proxy.example.com:3128\`, with \`USER:PASSWORD@\` before the host where the proxy wants them. Hosts in
\`NO_PROXY\` are asked directly, and so are those below them: \`amazonaws.com\`, \`*\` for all, \`example.com:8443\` for one port.
A network, \`10.1.0.0/16\`, stands for addresses only: a host that has a name wants the name.
The names count in lower case as well, which win. What is on this machine is never asked through a proxy, so nothing is at the
local stack. Where the proxy looks into TLS, \`NODE_EXTRA_CA_CERTS\` names the file of its authority; Node reads that variable
from the environment alone, not from \`.env\`. The functions on AWS know nothing of this.
\`serverless\` has an order of its own: \`HTTP_PROXY\` comes before \`HTTPS_PROXY\`, and \`NO_PROXY\` counts for nothing.`;

/** The reference of every command, in Markdown. */
export async function commandReference(): Promise<string> {
  const examples = new Map<Command, readonly string[]>();
  const program = await describedProgram(examples);
  const sections = Array.from(examples, ([command, own]) => section(command, own));
  return `${[
    introduction,
    exampleBlock(programExamples),
    rules,
    '## Options of every command',
    optionTable(program.options),
    '## Exit codes',
    table(
      ['code', 'meaning'],
      exitCodeMeanings.map(({ code, meaning }) => [`\`${code}\``, meaning]),
    ),
    proxies,
    ...sections,
  ].join('\n\n')}\n`;
}

/** The words of a command, such as `webhook register`. */
function nameOf(command: Command): string {
  const above = command.parent?.parent ? `${nameOf(command.parent)} ` : '';
  return `${above}${command.name()}`;
}

function section(command: Command, examples: readonly string[]): string {
  const name = nameOf(command);
  const usage = `npx relay ${name} ${command.usage()}`.trim();
  const operands = command.registeredArguments.map((operand) => [
    `\`${operand.name()}\``,
    operand.description,
  ]);
  return [
    `## relay ${name}`,
    sentence(command.description()),
    exampleBlock(examples),
    `Usage: \`${usage}\``,
    ...(operands.length > 0 ? [table(['argument', 'meaning'], operands)] : []),
    ...(command.options.length > 0 ? [optionTable(command.options)] : []),
  ].join('\n\n');
}

function exampleBlock(examples: readonly string[]): string {
  return ['```sh', ...examples.map((example) => `npx relay ${example}`), '```'].join('\n');
}

function optionTable(options: readonly Option[]): string {
  return table(
    ['option', 'meaning'],
    options.map((option) => [`\`${option.flags}\``, meaningOf(option)]),
  );
}

function meaningOf(option: Option): string {
  const { description, argChoices, defaultValue, defaultValueDescription, mandatory } = option;
  const notes = [
    ...(mandatory && defaultValue === undefined ? ['required'] : []),
    ...(argChoices === undefined ? [] : [`one of ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`]),
    ...(defaultValue === undefined ? [] : [`default \`${defaultValueDescription ?? String(defaultValue)}\``]),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(headers), row(headers.map(() => '---')), ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
