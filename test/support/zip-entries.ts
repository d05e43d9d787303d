import { inflateRawSync } from 'node:zlib';

// APPNOTE.TXT of the ZIP format: the signatures and fixed lengths of the records that matter here.
const endOfDirectory = { signature: 0x06054b50, length: 22 };
const directoryEntry = { signature: 0x02014b50, length: 46 };
const localHeader = { signature: 0x04034b50, length: 30 };

/** The files of a ZIP archive by name. Reads what `serverless package` writes: no encryption, no ZIP64. */
export function zipEntries(zip: Buffer): ReadonlyMap<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || end + endOfDirectory.length > zip.length) throw new Error('This is not a ZIP archive.');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries = new Map<string, Buffer>();
  for (let index = 0; index < count; index += 1) {
    expectSignature(zip, at, directoryEntry.signature);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + directoryEntry.length, at + directoryEntry.length + nameLength);
    if (entries.has(name)) throw new Error(`${name} is in the archive twice.`);
    entries.set(
      name,
      contentOf(zip, {
        method: zip.readUInt16LE(at + 10),
        packedBytes: zip.readUInt32LE(at + 20),
        header: zip.readUInt32LE(at + 42),
      }),
    );
    at += directoryEntry.length + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function contentOf(zip: Buffer, entry: { method: number; packedBytes: number; header: number }): Buffer {
  const { method, packedBytes, header } = entry;
  expectSignature(zip, header, localHeader.signature);
  const start = header + localHeader.length + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + packedBytes);
  switch (method) {
    case 0:
      return packed;
    case 8:
      return inflateRawSync(packed);
    default:
      throw new Error(`The compression method ${method} is not understood.`);
  }
}

function expectSignature(zip: Buffer, at: number, signature: number): void {
  if (zip.readUInt32LE(at) !== signature) throw new Error(`The archive is damaged at byte ${at}.`);
}
