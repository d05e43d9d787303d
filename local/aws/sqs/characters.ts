// A lone surrogate is no Unicode character, hence the `u` flag: with it, \ud800 matches only an unpaired half.
const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Whether SQS takes this text: the characters of XML 1.0, thus emoji but neither most controls nor U+FFFE and U+FFFF. */
export function isLegalText(text: string): boolean {
  return !illegal.test(text);
}
