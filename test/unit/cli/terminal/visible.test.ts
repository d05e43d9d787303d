import { describe, expect, it } from 'vitest';
import { visible, visibleJson } from '../../../../cli/terminal/visible.ts';

describe('text for a terminal', () => {
  it.each([
    ['moves the cursor', 'a\u001b[2Jb', 'a\\u001b[2Jb'],
    ['retitles the window', '\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['writes over its line', 'paid\rfree', 'paid\\u000dfree'],
    ['uses a one-character escape', 'a\u009b2Jb', 'a\\u009b2Jb'],
    ['hides what follows', 'a\u001b[8mb', 'a\\u001b[8mb'],
    ['is black on black', 'a\u001b[30;40mb', 'a\\u001b[30;40mb'],
    ['turns its direction around', 'a\u202eb', 'a\\u202eb'],
  ])('shows what %s by its number', (_, text, expected) => {
    const shown = [visible(text, { colours: true }), visible(text, { colours: false })];

    expect(shown).toEqual([expected, expected]);
  });

  it('keeps tabs, line feeds, accents and emoji', () => {
    const text = 'a\tb\nÁé 🎉 •';

    const shown = visible(text, { colours: false });

    expect(shown).toBe(text);
  });

  it('keeps colours where there are colours, and drops them elsewhere', () => {
    const text = '\u001b[31mred\u001b[39m';

    const shown = [visible(text, { colours: true }), visible(text, { colours: false })];

    expect(shown).toEqual([text, 'red']);
  });

  it('is the same value as JSON, with no control character in it', () => {
    const value = { name: 'a\u001b[2J\u009b\u2028\u202e' };

    const json = visibleJson(value);

    expect(JSON.parse(json)).toEqual(value);
    expect(json).toMatch(/^[\x20-\x7e]+$/);
  });
});
