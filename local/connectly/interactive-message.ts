import { FieldReader } from './fields.ts';

/** WhatsApp's own limits, in characters and items: the vendor does not restate them, WhatsApp refuses what is beyond. */
const limits = {
  headerOrFooter: 60,
  buttons: 3,
  buttonLabel: 20,
  buttonId: 256,
  buttonBody: 1024,
  sections: 10,
  rowsInAll: 10,
  openerLabel: 20,
  rowLabel: 24,
  rowId: 200,
} as const;

export function checkListMessage(list: FieldReader): void {
  checkHeaderAndFooter(list);
  const opener = list.object('button');
  if (opener !== undefined) checkLength(opener, 'text', limits.openerLabel);
  const sections = list.array('sections') ?? [];
  if (sections.length > limits.sections) list.fail('sections', `at most ${limits.sections}`);
  let rowCount = 0;
  for (const [index, item] of sections.entries()) {
    const path = `${list.path('sections')}[${index}]`;
    const rows = new FieldReader(item, path).array('rows') ?? [];
    rowCount += rows.length;
    for (const [rowIndex, row] of rows.entries()) {
      checkChoice(new FieldReader(row, `${path}.rows[${rowIndex}]`), limits.rowId, limits.rowLabel);
    }
  }
  if (rowCount > limits.rowsInAll) list.fail('sections', `at most ${limits.rowsInAll} rows in all`);
}

export function checkReplyButtons(message: FieldReader, text: string): void {
  checkHeaderAndFooter(message);
  const buttons = message.array('buttons') ?? [];
  if (buttons.length < 1 || buttons.length > limits.buttons)
    message.fail('buttons', `1 to ${limits.buttons}`);
  for (const [index, item] of buttons.entries()) {
    const button = new FieldReader(item, `${message.path('buttons')}[${index}]`);
    checkChoice(button, limits.buttonId, limits.buttonLabel);
  }
  if (characters(text) > limits.buttonBody)
    message.fail('buttons', `text of at most ${limits.buttonBody} characters`);
}

function checkHeaderAndFooter(message: FieldReader): void {
  for (const part of ['header', 'footer']) {
    const object = message.object(part);
    if (object !== undefined) checkLength(object, 'text', limits.headerOrFooter);
  }
}

function checkChoice(choice: FieldReader, idLimit: number, labelLimit: number): void {
  choice.requiredString('id');
  checkLength(choice, 'id', idLimit);
  choice.requiredString('text');
  checkLength(choice, 'text', labelLimit);
}

function checkLength(object: FieldReader, name: string, max: number): void {
  if (characters(object.string(name) ?? '') > max) object.fail(name, `at most ${max} characters`);
}

function characters(text: string): number {
  return text.match(/./gsu)?.length ?? 0;
}
