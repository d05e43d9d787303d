import type { Emulator } from './deploy/emulator.ts';
import type { Count, ProofEntry } from './harness/proof.ts';

const command = (name: string) => `\`npm run prove -- ${name}\``;
const number = (value: number) => value.toLocaleString('en');

/** `100,000 messages under each policy; in CI 3,000`, for each count; empty without any. */
function sizesOf(counts: Readonly<Record<string, Count>>): string {
  return Object.entries(counts)
    .map(([name, { meaning, full, ci }]) => {
      const inCi = ci === full ? '' : ` (in CI ${number(ci)})`;
      return `${number(full)} ${name} ${meaning}${inCi}`;
    })
    .join('; ');
}

/** What `npm run prove` prints. */
export async function listOf(proofs: readonly ProofEntry[]): Promise<string> {
  const texts = await Promise.all(
    proofs.map(async (entry) => {
      const { name, does, holds, counts } = entry;
      const { defects } = await entry.load();
      const sizes = sizesOf(counts);
      const lines = [
        name,
        `  does   ${does}`,
        `  holds  ${holds}`,
        ...(sizes === '' ? [] : [`  runs   ${sizes}`]),
        ...(defects.length === 0 ? [] : [`  plants ${defects.length} defects`]),
      ];
      return `${lines.join('\n')}\n`;
    }),
  );
  return `${texts.join('\n')}\nnpm run prove -- <name> runs one, --ci at CI's counts, --planted against its defects; --help says more.\n`;
}

/** The tables of docs/reliability.md, by the name of the place that they have there. */
export function docsTables(
  proofs: readonly ProofEntry[],
  emulators: readonly Emulator[],
): Readonly<Record<'proofs' | 'figures' | 'emulators', string>> {
  return {
    proofs: table(
      ['command', 'what it does', 'how much', 'what must hold'],
      proofs.map(({ name, does, counts, holds }) => [command(name), does, sizesOf(counts), holds]),
    ),
    figures: table(
      ['command', 'seeds', 'figures'],
      proofs.flatMap(({ name, figures }) =>
        figures === undefined ? [] : [[command(name), figures.seeds, figures.found]],
      ),
    ),
    emulators: table(
      ['emulator', 'what it does otherwise than AWS', 'instead'],
      emulators.flatMap(({ name, limits, leavesOut }) => [
        ...limits.map(({ limit, instead }) => [name, limit, instead]),
        ...Object.entries(leavesOut).map(([type, covered]) => [name, `creates no \`${type}\``, covered]),
      ]),
    ),
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Puts the tables in their places. Throws for a text that has no place for one of them. */
export function withTables(text: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((before, [name, content]) => {
    const place = new RegExp(`(<!-- ${name}: [^>]*-->\n\n)[^]*?(\n<!-- end of ${name} -->)`);
    if (!place.test(before)) throw new Error(`There is no place for the table ${name}.`);
    return before.replace(place, (_, start: string, end: string) => start + content + end);
  }, text);
}
