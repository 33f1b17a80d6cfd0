import { parse } from 'csv-parse/sync';
import type { Output } from '#shared/contract';
import { type Person, type PersonField, personProblems, personSchema } from '#shared/person';
import { windowOf } from './policy.ts';

/** What a column may be called: the field's own path, and what people write. Compared without case, blanks and dashes. */
const COLUMNS: Readonly<Record<PersonField, readonly string[]>> = {
  code: ['visitorcode', '编号', '访客编号'],
  'name.display': ['name', 'fullname', 'visitor', 'visitorname', '姓名', '访客', '访客姓名'],
  'name.family': ['family', 'familyname', 'lastname', 'surname', '姓'],
  'name.given': ['given', 'givenname', 'firstname', '名'],
  phone: ['mobile', 'phonenumber', 'telephone', '电话', '手机', '手机号', '联系电话'],
  email: ['mail', 'emailaddress', '邮箱', '电子邮件'],
  idNumber: ['id', 'idcard', '证件号', '证件号码', '身份证号'],
  gender: ['sex', '性别'],
  'visit.company': ['company', 'organisation', 'organization', '公司', '单位'],
  'visit.host': ['host', 'visiting', '被访人', '接待人'],
  'visit.purpose': ['purpose', 'reason', '事由', '来访事由'],
  'visit.from': ['from', 'start', 'begin', 'arrival', '开始', '开始时间', '来访时间'],
  'visit.to': ['to', 'end', 'until', 'departure', '结束', '结束时间', '离开时间'],
  remark: ['note', 'notes', '备注'],
};

const folded = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
const FIELDS = new Map(
  Object.entries(COLUMNS).flatMap(([field, names]) => [field, ...names].map((name) => [folded(name), field] as const)),
);
const TIMES: ReadonlySet<PersonField> = new Set(['visit.from', 'visit.to']);

type Problem = Output<'visits.import'>['problems'][number];

/** `2026-11-22 09:30`, by this computer's clock unless it carries an offset, as ISO 8601; null when it is no time. */
function instant(text: string): string | null {
  const [, date, time, offset = ''] =
    /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[T ]+(\d{1,2}:\d{2}(?::\d{2})?)\s*(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  if (date === undefined || time === undefined) return null;
  const [year = '', month = '', day = ''] = date.split(/[-/.]/);
  const [hours = '', ...rest] = time.split(':');
  const two = (part: string) => part.padStart(2, '0');
  const iso = `${year}-${two(month)}-${two(day)}T${two(hours)}:${rest.join(':')}${offset}`;
  const at = new Date(iso);
  const real = !Number.isNaN(at.getTime()) && Number(day) === new Date(`${iso.slice(0, 10)}T12:00:00Z`).getUTCDate();
  return real ? at.toISOString() : null;
}

/**
 * Visitors out of a list with a header. Columns nobody knows are left alone. Everything that is wrong is told, each with its row as a
 * spreadsheet counts it.
 */
export function readVisitList(
  csv: string,
  { now, workdayEnds, code }: { now: number; workdayEnds: string; code(): string },
): { people: Person[]; problems: Problem[] } {
  let table: string[][];
  try {
    table = parse(csv, { bom: true, trim: true, relax_column_count: true, skip_empty_lines: false });
  } catch (error) {
    const line = error instanceof Error && 'lines' in error && typeof error.lines === 'number' ? error.lines : 1;
    return {
      people: [],
      problems: [{ row: line, field: 'file', message: 'this is no list with comma-separated values' }],
    };
  }
  const [header = [], ...rows] = table;
  const fields = header.map((title) => FIELDS.get(folded(title)) ?? null);
  if (!fields.some((field) => field?.startsWith('name.')))
    return { people: [], problems: [{ row: 1, field: 'name', message: 'there is no column for the name' }] };

  const people: Person[] = [];
  const problems: Problem[] = [];
  const codes = new Set<string>();
  rows.forEach((cells, index) => {
    const row = index + 2;
    if (cells.every((cell) => cell === '')) return;
    const draft: Record<string, unknown> = { kind: 'visitor' };
    const wrong: Problem[] = [];
    fields.forEach((field, column) => {
      const cell = cells[column] ?? '';
      if (field === null || cell === '') return;
      const value = TIMES.has(field) ? instant(cell) : cell;
      if (value === null) wrong.push({ row, field, message: 'no date with a time, such as 2026-11-22 09:30' });
      else put(draft, field, value);
    });
    draft.code ??= code();
    wrong.push(...personProblems(draft).map(({ field, message }) => ({ row, field, message })));
    if (wrong.length === 0) {
      const person = personSchema.parse(draft);
      const { from, to } = windowOf(person, now, workdayEnds);
      if (to <= from) wrong.push({ row, field: 'visit.to', message: 'the visit ends before it begins' });
      else if (to <= now) wrong.push({ row, field: 'visit.to', message: 'the time of the visit is over' });
      if (codes.has(person.code)) wrong.push({ row, field: 'code', message: 'this code stands in the list twice' });
      codes.add(person.code);
      people.push(person);
    }
    problems.push(...wrong);
  });
  if (people.length === 0 && problems.length === 0)
    problems.push({ row: 1, field: 'file', message: 'there is nobody in this list' });
  return { people, problems };
}

function put(draft: Record<string, unknown>, field: PersonField, value: string): void {
  const [head = '', tail] = field.split('.');
  if (tail === undefined) draft[head] = value;
  else draft[head] = { ...(draft[head] as Record<string, unknown> | undefined), [tail]: value };
}
