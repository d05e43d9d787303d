/** JSON nested deeper than this is not looked into: JSON.stringify overflows the stack from about 5,000 levels on. */
export const maximumDepth = 64;

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** How deep arrays and objects are nested in `json`, in one pass over its text; for text that is not JSON, a guess. */
export function jsonDepth(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json.charCodeAt(index);
    if (inString) {
      if (character === backslash) index++;
      else if (character === quote) inString = false;
    } else if (character === quote) {
      inString = true;
    } else if (character === openBrace || character === openBracket) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (character === closeBrace || character === closeBracket) {
      depth--;
    }
  }
  return deepest;
}
