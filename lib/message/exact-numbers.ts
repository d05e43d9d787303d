/** A double tells so many digits apart, at most: writers that do not round to the shortest form use as many. */
const mostDigits = 17;

/** A string, a number, or one of the signs between them. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],:]/g;

const numberParts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The paths of the numbers in `json` (which must be valid) that a double cannot hold: read and written again, they would
 * be other numbers.
 */
export function inexactNumbers(json: string): readonly (readonly (string | number)[])[] {
  const found: (readonly (string | number)[])[] = [];
  /** In each object and array around the place: the latest key, or the index. */
  const path: (string | number)[] = [];
  let text = '';
  for (const [token] of json.matchAll(tokens)) {
    const innermost = path.length - 1;
    const place = path[innermost];
    if (token === '{') path.push('');
    else if (token === '[') path.push(0);
    else if (token === '}' || token === ']') path.pop();
    else if (token === ':') path[innermost] = String(JSON.parse(text));
    else if (token === ',') path[innermost] = typeof place === 'number' ? place + 1 : '';
    else if (token.startsWith('"')) text = token;
    else if (isInexact(token)) found.push([...path]);
  }
  return found;
}

/** Fractions are hardly ever meant to the last digit: 0.10000000000000001 is what some write for 0.1. */
function isInexact(token: string): boolean {
  const value = Number(token);
  const written = decimal(token);
  // Never off by a power of ten: where the digits are the same, the number is.
  if (decimal(String(value)).digits === written.digits) return false;
  const isRounded = value !== 0 && written.exponent < 0;
  return !(isRounded && written.digits.length <= mostDigits);
}

/** The digits of a number without zeros around them, and the power of ten to multiply with. */
function decimal(token: string): { readonly digits: string; readonly exponent: number } {
  const [, , whole = '', fraction = '', power = '0'] = numberParts.exec(token) ?? [];
  const significant = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = withoutZerosBehind(significant);
  return { digits, exponent: Number(power) - fraction.length + significant.length - digits.length };
}

/** Character by character: of a regular expression, a long row of zeros in front of another digit is the worst case. */
function withoutZerosBehind(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
