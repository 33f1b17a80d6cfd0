import type { ImportField, ImportReason } from '#shared/calls/import';
import type { Output } from '#shared/contract';
import { type Person, personProblems, personSchema } from '#shared/person';
import { atClock, type VisitWindow } from '#shared/visits';
import type { ByteSource } from '../import/byte-source.ts';
import { mapColumns } from '../import/columns.ts';
import { readRow } from '../import/person-row.ts';
import { openTable } from '../import/table.ts';
import { narrow } from '../import/values.ts';
import { windowOf } from './policy.ts';

/** What a list of visitors calls its columns beyond what any table may; without case, blanks and dashes. */
const OWN_NAMES: Readonly<Partial<Record<ImportField, readonly string[]>>> = {
  code: ['visitorcode', '访客编号'],
  name: ['visitor', 'visitorname', 'guest', '访客', '访客姓名'],
  idNumber: ['id', 'visitorid'],
  'visit.company': ['organisation', 'organization', '单位'],
  'visit.host': ['visiting', 'tosee'],
  'visit.from': ['from', 'start', 'begin', 'date', 'when', '开始', '开始时间', '日期'],
  'visit.to': ['to', 'end', 'until', '结束', '结束时间'],
};
const folded = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
const OWN = new Map(
  Object.entries(OWN_NAMES).flatMap(([field, names]) => names.map((name) => [name, field as ImportField] as const)),
);

/** When somebody comes who is only said to come on a day: the end is the working day's. */
const DAY_BEGINS = '09:00';
/** Whether a cell tells a time of day beside the date; Excel's own count of days does so behind its point. */
const hasClock = (cell: string) => /\d\s*[:时時点]\s*\d|^\s*\d{5}\.\d/.test(cell.normalize('NFKC'));

type Problem = Output<'visits.import'>['problems'][number];

export interface VisitorListRules {
  now: number;
  workdayEnds: string;
  /** A fresh code for somebody who brings none. */
  code(): string;
  /** Who this is, where they were here before beyond doubt; null where nobody is known to be them. */
  known(person: Person): Pick<Person, 'code'> | null;
  /** Whether they have a visit already that touches this time. */
  expected(person: Person, window: VisitWindow): boolean;
}

export interface VisitorList {
  people: Person[];
  /** How many of them were here before, and keep their code. */
  reused: number;
  /** How many were left out because they are registered for that time already. */
  already: number;
  problems: Problem[];
}

/**
 * Visitors out of a table with a header: CSV in any encoding and with any delimiter a spreadsheet writes, or .xlsx. Columns nobody knows are left
 * alone. Everything that is wrong is told, each with its row as a spreadsheet counts it.
 * @throws FaultError `validation` when the file is no table at all
 */
export async function readVisitList(source: ByteSource, rules: VisitorListRules): Promise<VisitorList> {
  const table = await openTable(source, { header: true });
  const told = Object.fromEntries(table.headers.flatMap((title) => mine(title)));
  const { columns, problems: wrongColumns } = mapColumns(table.headers, told);
  // Codes are made here.
  const fatal = wrongColumns.filter(({ fatal: stops, code }) => stops && code !== 'no-code');
  const list: VisitorList = { people: [], reused: 0, already: 0, problems: [] };
  for (const { code, message } of fatal) list.problems.push({ row: 1, reason: { kind: 'row', code, message } });
  if (fatal.length > 0) return list;

  const codes = new Set<string>();
  for await (const { line, cells } of table.rows()) {
    const read = readRow(cells, { columns, kind: 'visitor', dates: null });
    const draft: Record<string, unknown> = { ...read.person, kind: 'visitor' };
    for (const { index, field } of columns) atItsTime(draft, field, cells[index] ?? '', rules);
    const coded = draft.code !== undefined;
    draft.code ??= rules.code();
    const reasons = [
      ...read.reasons,
      ...personProblems(draft).map(
        ({ field, message }): ImportReason => ({
          kind: 'field',
          code: message === 'is missing' ? 'missing' : 'invalid',
          field,
          message: `${field}: ${message}`,
        }),
      ),
    ];
    const person = reasons.length === 0 ? personSchema.parse(draft) : null;
    if (person !== null) {
      const before = coded ? null : rules.known(person);
      if (before !== null) person.code = before.code;
      const window = windowOf(person, rules.now, rules.workdayEnds);
      reasons.push(...misplaced(window, rules.now));
      if (coded && codes.has(person.code))
        reasons.push({ kind: 'code', code: 'duplicate', message: 'this code stands in the list twice' });
      else if (reasons.length === 0 && rules.expected(person, window)) list.already += 1;
      else if (reasons.length === 0) {
        list.people.push(person);
        if (before !== null) list.reused += 1;
      }
      codes.add(person.code);
    }
    list.problems.push(...reasons.map((reason) => ({ row: line, reason })));
  }
  if (list.people.length + list.already === 0 && list.problems.length === 0)
    list.problems.push({ row: 1, reason: { kind: 'row', code: 'nobody', message: 'there is nobody in this list' } });
  return list;
}

/** The mapping of a column whose name means something of its own in a list of visitors. */
function mine(title: string): [string, ImportField][] {
  const field = OWN.get(folded(title));
  return field === undefined ? [] : [[title.trim(), field]];
}

/** A day without a time is the working day of it, and not the night: nobody is late at a quarter past midnight. */
function atItsTime(
  draft: Record<string, unknown>,
  field: ImportField | null,
  cell: string,
  { now, workdayEnds }: Pick<VisitorListRules, 'now' | 'workdayEnds'>,
): void {
  if (field !== 'visit.from' && field !== 'visit.to') return;
  const visit = draft.visit as Record<string, string> | undefined;
  const part = field === 'visit.from' ? 'from' : 'to';
  const iso = visit?.[part];
  if (visit === undefined || iso === undefined || narrow(cell) === '' || hasClock(cell)) return;
  const day = Date.parse(iso);
  const at = part === 'to' ? atClock(day, workdayEnds) : atClock(day, DAY_BEGINS);
  // Who is to come today may come at once.
  const soonest = part === 'from' && at < now && atClock(now, DAY_BEGINS) === at ? now : at;
  visit[part] = new Date(soonest).toISOString();
}

function misplaced({ from, to }: VisitWindow, now: number): ImportReason[] {
  const field = 'visit.to';
  if (to <= from) return [{ kind: 'field', field, code: 'visit-window', message: 'the visit ends before it begins' }];
  if (to <= now) return [{ kind: 'field', field, code: 'visit-past', message: 'the time of the visit is over' }];
  return [];
}
