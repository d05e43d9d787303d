// The process that a built function runs in during its tests: loads the bundle as Lambda does and calls its handler
// with each event that the parent sends.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [bundle = ''] = process.argv.slice(2);

const now = Date.now;

/** @param {{ event: unknown, remainingMs: number, laterMs: number }} invocation */
async function invoke({ event, remainingMs, laterMs }) {
  Date.now = () => now() + laterMs;
  const endsAt = Date.now() + remainingMs;
  const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => endsAt - Date.now() };
  try {
    // A module that failed to load is loaded again by the next invocation.
    return { result: await require(bundle).handler(event, context) };
  } catch (error) {
    if (!(error instanceof Error)) return { thrown: { message: String(error) } };
    return { thrown: { ...('code' in error && { code: error.code }), message: error.message } };
  }
}

process.on('message', (/** @type {{ event: unknown, remainingMs: number, laterMs: number }} */ message) => {
  void invoke(message).then((answer) => {
    // What the handler wrote must be out before the parent goes on to read it.
    process.stdout.write('', () => process.send?.(answer));
  });
});
