import type { ImportField, ImportReason } from '#shared/calls/import';
import type { Person } from '#shared/person';
import type { DateOrder } from './api.ts';
import type { Column } from './columns.ts';
import { type DateOptions, readDate } from './dates.ts';
import { cellProblem, cleanCell, genderOf, isMangledNumber, isNothing, kindOf, narrow, phoneOf } from './values.ts';

/** What a row says: a person as far as it can be read, the photo it names, and what is wrong with its cells. */
export interface ReadRow {
  /** In the shape of `Person`, not yet checked. */
  person: Record<string, unknown>;
  /** As written; null where the row names none. */
  photo: string | null;
  reasons: ImportReason[];
}

export interface RowOptions {
  columns: readonly Column[];
  /** For rows that do not say. */
  kind: Person['kind'];
  dates: DateOrder;
  offset?: DateOptions['offset'];
}

const ENDS: ReadonlySet<ImportField> = new Set(['validTo', 'visit.to']);
const DATES: ReadonlySet<ImportField> = new Set(['validFrom', 'validTo', 'visit.from', 'visit.to']);
/** Digits that a spreadsheet may have rounded. */
const NUMBERS: ReadonlySet<ImportField> = new Set(['code', 'phone', 'card', 'idNumber']);

/** Reads one row by its columns (pure). What cannot be read is a reason, and the field is left out. */
export function readRow(cells: readonly string[], options: RowOptions): ReadRow {
  const { columns, kind, dates, offset } = options;
  const reasons: ImportReason[] = [];
  const person: Record<string, unknown> = { kind };
  let photo: string | null = null;
  const field = (name: ImportField, code: string, message: string) =>
    reasons.push({ kind: 'field', code, field: name, message: `${name}: ${message}` });

  if (cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== ''))
    reasons.push({
      kind: 'row',
      code: 'ragged',
      message: `the row has ${cells.length} cells, the first line has ${columns.length}: is a comma not in quotation marks?`,
    });
  else if (cells.length < columns.length && columns.slice(cells.length).some(({ field }) => field !== null))
    reasons.push({
      kind: 'row',
      code: 'ragged',
      message: `the row has only ${cells.length} of ${columns.length} cells`,
    });

  for (const { index, field: name } of columns) {
    const raw = cells[index] ?? '';
    if (name === null || raw === '') continue;
    const wrong = cellProblem(raw);
    if (wrong !== null) {
      field(name, wrong.code, wrong.message);
      continue;
    }
    const cell = cleanCell(raw);
    // An apostrophe keeps a spreadsheet from taking digits for a number; some programs write it into the file.
    const text = NUMBERS.has(name) ? cell.replace(/^['\u2019](?=[\d+])/, '') : cell;
    if (text === '' || (isNothing(text) && !name.startsWith('name'))) continue;
    if (NUMBERS.has(name) && isMangledNumber(text)) {
      field(name, 'rounded', 'a spreadsheet has rounded this number: format the column as text and enter it again');
      continue;
    }
    if (name === 'photo') photo = text;
    else if (DATES.has(name)) {
      const read = readDate(text, { order: dates, end: ENDS.has(name), ...(offset && { offset }) });
      if ('iso' in read) put(person, name, read.iso);
      else field(name, read.problem, read.message);
    } else if (name === 'gender') {
      const gender = genderOf(text);
      if (gender === null) field(name, 'unknown-word', 'female, male or unknown (女, 男 or 未知) is understood here');
      else put(person, name, gender);
    } else if (name === 'kind') {
      const said = kindOf(text);
      if (said === null) field(name, 'unknown-word', 'staff or visitor (员工 or 访客) is understood here');
      else put(person, name, said);
    } else if (name === 'phone') put(person, name, phoneOf(text));
    else if (name === 'name') put(person, 'name.display', tidy(text));
    else if (name === 'remark' || name.startsWith('name.')) put(person, name, tidy(text));
    else put(person, name, narrow(text));
  }
  return { person, photo, reasons };
}

/** Names keep their characters as they are: only blanks are tidied. */
function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').normalize('NFC');
}

function put(person: Record<string, unknown>, path: string, value: string): void {
  const [first = '', second] = path.split('.');
  if (second === undefined) person[first] = value;
  else person[first] = { ...(person[first] as object | undefined), [second]: value };
}
