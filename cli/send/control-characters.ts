/** All but tabs and line feeds: a carriage return, and what is left where text was read in a wrong encoding. */
const controlCharacter = /(?![\t\n])\p{Cc}/u;

/** Where in a message a control character is that a customer would get, in words; undefined when there is none. */
export function controlCharacterIn(message: object): string | undefined {
  // It comes back to the producer, not to a customer.
  const { callbackData: _own, ...sent } = { callbackData: undefined, ...message };
  return found(sent, '');
}

function found(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') {
    const code = controlCharacter.exec(value)?.[0].charCodeAt(0);
    if (code === undefined) return undefined;
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return `${path} holds the control character ${name}, which nobody sees here`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${key}]` : path === '' ? key : `.${key}`;
    const words = found(inner, `${path}${step}`);
    if (words !== undefined) return words;
  }
  return undefined;
}
