import { defineCommand } from '../command.ts';
import { usageError } from '../errors.ts';
import type { Output } from '../terminal/output.ts';
import { labelled, table } from '../terminal/table.ts';
import { allExplanations, explainCode, explainKnownCode, nearestCode } from './explain-code.ts';
import { type Explanation, explanationSchema } from './relay-codes.ts';

const inWords: Readonly<Record<Explanation['who'], string>> = {
  producer: 'whoever queued the message',
  operator: 'whoever runs this stage',
  customer: 'the customer',
  connectly: 'Connectly',
};

/** `relay explain` */
export const explain = defineCommand({
  examples: [
    'explain ERROR_CODE_MESSAGE_OUTSIDE_OF_ELIGIBILITY_WINDOW',
    'explain outcome-unknown',
    'explain',
  ],
  /** One explanation with a code, a line for each without. */
  result: explanationSchema,
  define: (command) =>
    command.argument(
      '[code]',
      'from a dead letter or a log, such as expired or connectly-401; all without one',
    ),
  run({ output, globals }, _options, [code]) {
    if (code === undefined) return listAll(output, globals.json ?? false);
    // A code that is nearly right is a slip, and not one of Connectly's that is new.
    const known = explainKnownCode(code);
    const meant = known === undefined ? nearestCode(code) : undefined;
    const explanation = meant === undefined ? (known ?? explainCode(code)) : undefined;
    if (explanation === undefined) {
      const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
      throw usageError(`There is no such code.${hint} All of them: npx relay explain`);
    }
    const { meaning, retry, remedy, who } = explanation;
    output.result(explanation, [
      output.style('bold', explanation.code),
      ...labelled({ Meaning: meaning, Retried: retry, Remedy: remedy, Who: inWords[who] }, 9),
    ]);
  },
});

function listAll(output: Output<Explanation>, json: boolean): void {
  const all = allExplanations();
  if (json) {
    for (const explanation of all) output.result(explanation, '');
    return;
  }
  const rows = all.map(({ code, retried, meaning }) => [code, retried, meaning]);
  output.print(table(['code', 'retried', 'meaning'], rows));
  output.print([
    '',
    'More about one: npx relay explain CODE. An HTTP status of Connectly is a code, too: connectly-401',
  ]);
}
