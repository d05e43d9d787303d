import { activityText } from '../logs/activity.ts';
import { pauseInWords } from '../logs/pauses.ts';
import { durationInWords } from '../terminal/duration.ts';
import type { Output } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import type { Overview } from './overview.ts';

/** An overview as one screen: sections, with an empty line between them. */
export function overviewText(overview: Overview, output: Pick<Output, 'style'>): string[] {
  const { queues, ages, webhooks, failures, deadLetters = [], missing, target, at } = overview;
  const sections = [
    pausesText(overview, output),
    [`${output.style('bold', capitalized(target))}, ${at}`],
    states(overview, output),
    queues && queueTable(queues, ages, output),
    deadLetters.length > 0 &&
      block(
        'Dead letters',
        deadLetters.map(({ code, count }) => `${String(count).padStart(6)}  ${code}`),
      ),
    webhooks &&
      block(
        'Webhooks',
        webhooks.map((webhook) => standing(webhook, output)),
      ),
    failures &&
      block(
        'Last failures',
        failures.length === 0 ? ['none'] : failures.map((each) => activityText(each, output)),
      ),
    missing.length > 0 &&
      block(
        'Not known',
        missing.map(({ part, reason }) => `${part.padEnd(10)}${reason}`),
      ),
  ];
  return sections.flatMap((section) => (section && section.length > 0 ? [''].concat(section) : [])).slice(1);
}

/** The commands that an overview makes one want to type next. */
export function nextCommands(
  { pauses = [], sending, queues, webhooks, failures }: Overview,
  targetOptions: string,
): string[] {
  const letters = queues?.find(({ name }) => name === 'sends-dlq');
  const told = new Set<string | undefined>(pauses.map(({ code }) => code));
  const code = failures?.findLast((each) => each.code !== undefined && !told.has(each.code))?.code;
  return [
    ...pauses.map(({ cause }) => `Why sending pauses, and what to do: npx relay explain ${cause}`),
    ...(sending === 'Disabled' ? [`Sending is paused. To go on: npx relay resume ${targetOptions}`] : []),
    ...(webhooks?.some(({ points }) => points !== 'here') === true
      ? [`A topic does not point here. More: npx relay webhook status ${targetOptions}`]
      : []),
    ...((letters?.waiting ?? 0) > 0
      ? [`What the dead letters died of, and what to do: npx relay dlq explain ${targetOptions}`]
      : []),
    ...(code === undefined ? [] : [`What the last failure means: npx relay explain ${code}`]),
  ];
}

/** The first that somebody on call wants to know. */
function pausesText({ pauses = [], queues, at }: Overview, output: Pick<Output, 'style'>): string[] {
  const sends = queues?.find(({ name }) => name === 'sends');
  return pauses.flatMap((pause) => {
    const isOfAll = pause.code === 'sending-paused';
    const count = isOfAll && sends && sends.waiting + sends.outOfSight + sends.delayed;
    const waiting = typeof count === 'number' ? ` Waiting: ${count}.` : '';
    return [
      output.style('red', `${pauseInWords(pause, Date.parse(at))}${waiting}`),
      ...(pause.meaning === undefined ? [] : [`  ${pause.meaning}`]),
    ];
  });
}

function states({ sending, settling }: Overview, output: Pick<Output, 'style'>): string[] {
  return [
    ...(sending === undefined ? [] : [`Sending   ${stateInWords(sending, output)}`]),
    ...(settling === undefined ? [] : [`Settling  ${stateInWords(settling, output)}`]),
  ];
}

function stateInWords(state: string, output: Pick<Output, 'style'>): string {
  switch (state) {
    case 'Enabled':
      return output.style('green', 'on');
    case 'Disabled':
      return output.style('yellow', 'paused');
    default:
      return output.style('yellow', state.toLowerCase());
  }
}

function queueTable(
  queues: NonNullable<Overview['queues']>,
  ages: Overview['ages'],
  output: Pick<Output, 'style'>,
): string[] {
  const rows = queues.map(({ name, waiting, outOfSight, delayed }) => {
    const isBad = name.endsWith('dlq') && waiting + outOfSight > 0;
    const age = ages?.[name];
    // Empty, its last number in CloudWatch would be about what has gone since.
    const isEmpty = waiting + outOfSight + delayed === 0;
    return [
      isBad ? output.style('red', name) : name,
      waiting,
      outOfSight,
      delayed,
      age === undefined || isEmpty ? '' : durationInWords(age),
    ];
  });
  return table(['queue', 'waiting', 'out of sight', 'delayed', 'oldest'], rows);
}

function standing(
  { topic, points, address }: NonNullable<Overview['webhooks']>[number],
  output: Pick<Output, 'style'>,
): string {
  const place = points === 'elsewhere' ? `elsewhere: ${address ?? ''}` : points;
  return `${topic.padEnd(16)} ${points === 'here' ? place : output.style('yellow', place)}`;
}

function block(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
