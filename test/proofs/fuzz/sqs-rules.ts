/** SQS's limit on a message, body and attributes together, in bytes. */
const limitBytes = 1_048_576;

/**
 * Why SQS would refuse this message, or undefined when it takes it. Written from the list in the documentation of
 * SendMessage: #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF; nothing empty.
 */
export function sqsRefusal(body: string, attributes: Readonly<Record<string, string>>): string | undefined {
  if (body === '') return 'the body is empty';
  const position = illegalAt(body);
  if (position >= 0) return `the body holds ${codeUnit(body, position)} at ${position}`;
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === '') return `the attribute ${name} is empty`;
    const illegal = illegalAt(value);
    if (illegal >= 0) return `the attribute ${name} holds ${codeUnit(value, illegal)}`;
    bytes += Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
  }
  return bytes > limitBytes ? `${bytes} bytes are over the limit` : undefined;
}

function illegalAt(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x20 && unit <= 0xd7ff) continue;
    if (unit === 0x9 || unit === 0xa || unit === 0xd) continue;
    if (unit >= 0xe000 && unit <= 0xfffd) continue;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const second = text.charCodeAt(index + 1);
      if (second >= 0xdc00 && second <= 0xdfff) {
        index++;
        continue;
      }
    }
    return index;
  }
  return -1;
}

function codeUnit(text: string, index: number): string {
  return `U+${text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')}`;
}
