// The shipped sender with one defect each. A run that passed with any of them could not be believed.
import type { Defect } from '../harness/proof.ts';

const http = 'lib/connectly/http.ts';
const answer = 'lib/connectly/answer.ts';

function inFile(file: string, name: string, find: string, replace: string): Defect {
  return { name, changes: [{ file, find, replace }] };
}

export const defects: readonly Defect[] = [
  inFile(
    http,
    'follows redirects',
    'const { statusCode: status = 0 } = response;',
    `const { statusCode: status = 0 } = response;
     const { location } = response.headers;
     if (location !== undefined && URL.canParse(location, url)) {
       try {
         send(new URL(location, url), { method, headers }).on('error', () => {}).end(body);
       } catch {}
     }`,
  ),
  inFile(http, 'has no deadline', 'outgoing.destroy(new DeadlinePassed())', 'undefined'),
  inFile(
    http,
    'has no deadline once the head is there',
    'const { statusCode: status = 0 } = response;',
    'const { statusCode: status = 0 } = response; clearTimeout(timer);',
  ),
  inFile(http, 'reads whatever comes', 'bytesRead > maximumAnswerBytes', 'false'),
  inFile(http, 'holds what left for not sent', 'departed = true;', ''),
  inFile(http, 'holds what never left for sent', 'let departed = false;', 'let departed = true;'),
  inFile(http, 'sends again over another connection', '!departed && !isLate', '!isLate'),
  inFile(
    'lib/connectly/connections.ts',
    'begins without a look at the connection',
    'setImmediate(() => setImmediate(then));',
    'then();',
  ),
  inFile(http, 'lets connections rest for ever', 'resting.isOverdue(socket)', 'false'),
  inFile(
    'lib/connectly/connections.ts',
    'does not read what the server announces',
    '/\\btimeout=(\\d+)/i.exec(String(announced))?.[1]',
    'undefined',
  ),
  inFile(http, 'keeps no connection', 'new HttpAgent({ keepAlive: true })', 'new HttpAgent()'),
  inFile(http, 'forgets the status of what broke off', 'if (isOver) return;\n          isOver = true;', ''),
  inFile(
    answer,
    'refuses messages over a redirect',
    "if (status < 400) return 'turned-down';",
    "if (status < 400) return 'refused';",
  ),
  inFile(answer, 'takes a 408 for a certain no', 'status >= 500 || status === 408', 'status >= 500'),
  inFile(
    answer,
    'knows what became of a message after a 5xx',
    'status < 200 || status >= 500',
    'status < 200 || status >= 600',
  ),
  inFile(
    answer,
    'takes whatever comes with a 2xx for a yes',
    "return body.isObject ? 'accepted' : 'unclear';",
    "return 'accepted';",
  ),
  inFile(
    answer,
    'overhears a no in an answer of 2xx',
    'if (body.code !== undefined && body.id === undefined)',
    'if (false)',
  ),
  inFile(
    'lib/connectly/api.ts',
    'resolves paths as references',
    'url.pathname = `${prefix}/v1/businesses/${encodeURIComponent(businessId)}${path}`;',
    'url.href = new URL(`${prefix}/v1/businesses/${encodeURIComponent(businessId)}${path}`, url).href;',
  ),
];
