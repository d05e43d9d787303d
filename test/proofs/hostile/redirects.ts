import { afterRequest, answering, type HostileCase } from './hostile-case.ts';
import { encode } from './oracle.ts';

const statuses = [300, 301, 302, 303, 304, 305, 306, 307, 308, 399];

/** Ways to name another place, the second host's among them. */
function places(second: number): readonly (readonly [string, readonly string[]])[] {
  const other = `127.0.0.1:${second}`;
  return [
    ['another port', [`Location: http://${other}/v1/x`]],
    ['another host', [`Location: http://localhost:${second}/v1/x`]],
    ['another scheme', [`Location: https://${other}/v1/x`]],
    ['a protocol-relative address', [`Location: //${other}/v1/x`]],
    ['backslashes', [`Location: \\\\${other}/v1/x`]],
    ['a slash and a backslash', [`Location: /\\${other}/v1/x`]],
    ['user information', [`Location: http://api.connectly.ai@${other}/v1/x`]],
    ['an address in capitals with blanks around it', [`Location:   HTTP://${other}/v1/x  `]],
    ['another path of the same host', ['Location: /elsewhere']],
    ['nothing', []],
    ['two addresses', ['Location: /elsewhere', `Location: http://${other}/`]],
    [
      'other headers that name addresses',
      [
        `Content-Location: http://${other}/`,
        `Refresh: 0; url=http://${other}/`,
        `Link: <http://${other}/>; rel=preload`,
        `Alt-Svc: http/1.1="${other}"; ma=86400`,
        `Set-Cookie: a=b; Domain=127.0.0.1`,
      ],
    ],
  ];
}

/** Redirects of every kind. `second` is the port of the host that must never hear of it. */
export function redirects(second: number): readonly HostileCase[] {
  const cases: HostileCase[] = [];
  for (const status of statuses) {
    for (const [place, headers] of places(second)) {
      // 304 has no body, whatever its headers say.
      const framing = status === 304 ? 'until-close' : 'length';
      const { bytes, headEnd } = encode({ status, headers, framing });
      const whole = status === 304 ? bytes.subarray(0, headEnd) : bytes;
      const name = `${status} to ${place}`;
      cases.push(
        { name, play: answering(whole), expected: [['turned down']], requests: 1 },
        {
          name: `${name}, for a read`,
          calls: ['read'],
          play: answering(whole),
          expected: [['turned down']],
          requests: 1,
        },
      );
    }
    const bare = `HTTP/1.1 ${status} X\r\nLocation: http://127.0.0.1:${second}/\r\nConnection: close\r\n\r\n`;
    const play = afterRequest(async (wire) => {
      await wire.write(bare);
      wire.end();
    });
    cases.push({ name: `${status} without a body`, play, expected: [['turned down']], requests: 1 });
  }
  return [...cases, ...redirectsWithTheRenewedKey(second), ...otherInvitations(second), ...addresses(second)];
}

/** A 401 makes the sender try again with a newer key: that one must not leave the host either. */
function redirectsWithTheRenewedKey(second: number): readonly HostileCase[] {
  const refused = encode({ status: 401, framing: 'length' }).bytes;
  return [301, 302, 303, 307, 308].map((status) => {
    const headers = [`Location: http://127.0.0.1:${second}/`];
    const moved = encode({ status, headers, framing: 'length' }).bytes;
    let answered = 0;
    return {
      name: `401, then ${status}`,
      play: async (wire) => {
        while (await wire.request()) await wire.write((answered += 1) === 1 ? refused : moved);
      },
      expected: [['turned down']],
      requests: 2,
    };
  });
}

/** Answers other than 3xx that ask to talk to somebody else, or once more. */
function otherInvitations(second: number): readonly HostileCase[] {
  const other = `http://127.0.0.1:${second}/`;
  const cases: readonly (readonly [string, number, readonly string[], HostileCase['expected'][number]])[] = [
    [
      '401 that asks for another kind of login',
      401,
      ['WWW-Authenticate: Basic realm="x"', `Location: ${other}`],
      ['configuration fault'],
    ],
    ['201 with the address of what was made', 201, [`Location: ${other}`], ['accepted without an id']],
    ['200 with a refresh', 200, [`Refresh: 0; url=${other}`], ['accepted without an id']],
    ['429 with another address', 429, [`Location: ${other}`], ['not sent']],
    ['408 with another address', 408, [`Location: ${other}`], ['unclear']],
    ['500 with another address', 500, [`Location: ${other}`], ['unclear']],
    ['503 with Retry-After and another address', 503, ['Retry-After: 0', `Location: ${other}`], ['not sent']],
  ];
  return [
    ...cases.map(([name, status, headers, expected]) => ({
      name,
      play: answering(encode({ status, headers, framing: 'length' }).bytes),
      expected: [expected],
      requests: status === 401 ? 2 : 1,
    })),
    {
      name: 'early hints with links to another host, then 201',
      play: answering(
        encode({
          interim: `HTTP/1.1 103 Early Hints\r\nLink: <${other}>; rel=preconnect\r\nLocation: ${other}\r\n\r\n`,
          status: 201,
          says: 'id',
          framing: 'length',
        }).bytes,
      ),
      expected: [['accepted']],
      requests: 1,
    },
  ];
}

/** Settings and business ids that look like another host when they are put together carelessly. */
function addresses(second: number): readonly HostileCase[] {
  const play = answering(encode({ status: 201, says: 'id', framing: 'length' }).bytes);
  const expected = [['accepted']] as const;
  const bases = [`//127.0.0.1:${second}`, `//127.0.0.1:${second}/`, `/\\127.0.0.1:${second}`, '/a/../b/'];
  const ids = [
    `//127.0.0.1:${second}/`,
    `@127.0.0.1:${second}`,
    '../../..',
    `\\\\127.0.0.1:${second}`,
    '?a#b',
    'x y',
  ];
  return [
    ...bases.map((path) => ({
      name: `a base address whose path is ${path}`,
      urlOf: (port: number) => `http://127.0.0.1:${port}${path}`,
      play,
      expected,
      requests: 1,
    })),
    ...ids.map((businessId) => ({
      name: `a business called ${businessId}`,
      businessId,
      play,
      expected,
      requests: 1,
    })),
  ];
}
