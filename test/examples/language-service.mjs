// Prints what GitHub's language service says of a workflow: `language-service.mjs FOLDER FILE`, where FOLDER is the
// node_modules that the service is in. Exits 1 when it says anything.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const [, , folder = '', file = ''] = process.argv;

// Node 20 loads its packages only in one piece: they import JSON as no version of ECMAScript has it.
const service = join(folder, 'language-service.cjs');
await build({
  stdin: {
    contents: `export { validate } from '@actions/languageservice';
      export { TextDocument } from 'vscode-languageserver-textdocument';`,
    resolveDir: folder,
  },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outfile: service,
  logLevel: 'error',
});
const { validate, TextDocument } = createRequire(service)(service);

// What is no workflow by its place is not judged.
const place = 'file:///repository/.github/workflows/judged.yml';
const document = TextDocument.create(place, 'yaml', 1, await readFile(file, 'utf8'));
for (const { range, message } of await validate(document)) {
  process.stdout.write(`line ${range.start.line + 1}: ${message}\n`);
  process.exitCode = 1;
}
