// Answers that would fill any memory, as fast as the sender takes them.
import { afterRequest, type HostileCase } from './hostile-case.ts';
import type { Verdict } from './task.ts';

const block = Buffer.alloc(64 * 1024, 'x');
const chunk = Buffer.concat([Buffer.from('10000\r\n'), block, Buffer.from('\r\n')]);
const oneGibibyte = 2 ** 30;

function poured(name: string, before: string, piece: string | Buffer, verdict: Verdict): HostileCase {
  const play = afterRequest(async (wire) => {
    await wire.write(before);
    await wire.pour(piece);
  });
  return { name, play, expected: [[verdict]], requests: 1, endsByDeadline: true };
}

export const endlessAnswers: readonly HostileCase[] = [
  poured('a body without an end', 'HTTP/1.1 201 Created\r\n\r\n', block, 'unclear'),
  poured(
    'a body of 1 GiB',
    `HTTP/1.1 201 Created\r\nContent-Length: ${oneGibibyte}\r\n\r\n`,
    block,
    'unclear',
  ),
  poured(
    'chunks without an end',
    'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n',
    chunk,
    'unclear',
  ),
  poured(
    'a chunk without an end',
    'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n',
    block,
    'unclear',
  ),
  poured('a refusal without an end', 'HTTP/1.1 400 Bad\r\n\r\n', block, 'refused'),
  poured('an error without an end', 'HTTP/1.1 502 Bad\r\n\r\n', block, 'unclear'),
  poured('headers without an end', 'HTTP/1.1 201 Created\r\n', 'A: b\r\n'.repeat(1_000), 'unclear'),
  poured('a header without an end', 'HTTP/1.1 201 Created\r\nA: ', block, 'unclear'),
  poured('a status line without an end', 'HTTP/1.1 201 ', block, 'unclear'),
  poured(
    'a chunk extension without an end',
    'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n1;',
    block,
    'unclear',
  ),
  poured(
    'trailers without an end',
    'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n',
    'A: b\r\n'.repeat(1_000),
    'unclear',
  ),
  poured(
    'interim answers without an end',
    '',
    'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(500),
    'unclear',
  ),
  poured('blank lines without an end', '', '\r\n'.repeat(20_000), 'unclear'),
];
