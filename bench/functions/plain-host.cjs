// Loads a bundle and hands it one event, without a runtime client: what the code by itself takes.
// Arguments: the bundle, a file with the event. Writes a line to file 3 when it is loaded, and one when it has answered.
const { readFileSync, writeSync } = require('node:fs');

const [, , bundle = '', eventFile = ''] = process.argv;
const { handler } = require(bundle);
writeSync(3, 'loaded\n');

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };
handler(JSON.parse(readFileSync(eventFile, 'utf8')), context).then(() => {
  writeSync(3, 'answered\n');
  process.exit();
});
