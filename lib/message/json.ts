/** Parses JSON. Undefined for what is none: the parser's own message quotes the text, which may be personal or secret. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
