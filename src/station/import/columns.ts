import { type ImportField, importFields } from '#shared/calls/import';
import type { Mapping } from './api.ts';

/** A column of a table: its place, its name as written, and the field it fills. */
export interface Column {
  index: number;
  name: string;
  field: ImportField | null;
}

/** Something about the columns that somebody has to settle or should know. */
export interface ColumnProblem {
  code: 'no-code' | 'no-name' | 'two-columns' | 'same-header' | 'no-header' | 'empty-header' | 'unknown-column';
  /** Whether nothing can be imported like this. */
  fatal: boolean;
  message: string;
}

/** Names columns go by, in English and Chinese, without blanks, case and punctuation. */
const NAMES: Record<ImportField, readonly string[]> = {
  kind: ['kind', 'type', 'persontype', 'persontypes', '类型', '人员类型', '身份', '类别', '人员类别'],
  code: [
    ...['code', 'personcode', 'no', 'id', 'number', 'staffno', 'staffid', 'staffcode', 'staffnumber', 'employeeno'],
    ...['employeeid', 'employeecode', 'employeenumber', 'empno', 'empid', 'studentno', 'studentid', 'studentcode'],
    ...['studentnumber', 'jobno', 'jobnumber', 'matricno', 'matricnumber', 'matricid', 'badgeno', 'registrationno'],
    ...['编号', '人员编号', '工号', '员工号', '员工编号', '职工号', '教工号', '学号', '学生编号', '学籍号', '代码'],
    ...['編號', '人員編號', '工號', '員工編號', '學號'],
  ],
  name: [
    ...['name', 'fullname', 'displayname', 'personname', 'studentname', 'staffname', 'employeename', 'namefull'],
    ...['姓名', '名字', '名称', '人员姓名', '学生姓名', '员工姓名', '全名', '人員姓名', '學生姓名', '員工姓名'],
  ],
  'name.family': ['familyname', 'lastname', 'surname', 'namefamily', '姓', '姓氏'],
  'name.given': ['givenname', 'firstname', 'forename', 'forenames', 'givennames', 'namegiven', '名'],
  gender: ['gender', 'sex', '性别', '性別'],
  phone: [
    ...['phone', 'phoneno', 'phonenumber', 'mobile', 'mobileno', 'mobilenumber', 'mobilephone', 'tel', 'telephone'],
    ...['handphone', 'handphoneno', 'cell', 'cellphone', 'contactno', 'contactnumber'],
    ...[
      '手机',
      '手机号',
      '手机号码',
      '电话',
      '电话号码',
      '联系电话',
      '联系方式',
      '手機',
      '手機號碼',
      '電話',
      '聯絡電話',
    ],
  ],
  email: ['email', 'emailaddress', 'mail', '邮箱', '电子邮箱', '电子邮件', '郵箱', '電子郵件'],
  card: ['card', 'cardno', 'cardnumber', 'accesscard', 'iccard', '卡号', '门禁卡号', '卡號', 'ic卡号'],
  idNumber: [
    ...[
      'idnumber',
      'nric',
      'passport',
      'passportno',
      'icno',
      'icnumber',
      'nationalid',
      'identityno',
      'idcard',
      'idcardno',
    ],
    ...['身份证', '身份证号', '身份证号码', '证件号', '证件号码', '护照号', '身份證號', '證件號碼'],
  ],
  department: [
    ...['department', 'dept', 'faculty', 'school', 'division', 'unit', 'organization', 'organisation', 'class', 'team'],
    ...['部门', '所属部门', '院系', '学院', '班级', '单位', '组织', '部門', '院系', '學院', '班級', '單位'],
  ],
  position: ['position', 'title', 'jobtitle', 'role', 'post', '职位', '职务', '岗位', '职称', '職位', '職務'],
  remark: ['remark', 'remarks', 'note', 'notes', 'comment', 'comments', '备注', '说明', '備註'],
  validFrom: [
    'validfrom',
    'startdate',
    'start',
    'begindate',
    'effectivefrom',
    '生效日期',
    '开始日期',
    '有效期开始',
    '入职日期',
    '入学日期',
  ],
  validTo: [
    'validto',
    'validuntil',
    'enddate',
    'end',
    'expiry',
    'expirydate',
    'expirationdate',
    'expires',
    '失效日期',
    '结束日期',
    '有效期',
    '有效期至',
    '有效期结束',
    '到期日期',
    '离职日期',
    '毕业日期',
  ],
  'visit.host': ['visithost', 'host', 'hostcode', 'hostname', '被访人', '受访人', '接待人', '拜访对象'],
  'visit.purpose': ['visitpurpose', 'purpose', 'reason', 'visitreason', '来访事由', '访问目的', '事由', '来访目的'],
  'visit.company': ['visitcompany', 'company', 'companyname', '公司', '来访单位', '访客单位', '单位名称'],
  'visit.from': [
    'visitfrom',
    'visitstart',
    'arrival',
    'arrivaltime',
    '来访时间',
    '到访时间',
    '来访开始时间',
    '访问开始',
  ],
  'visit.to': ['visitto', 'visitend', 'departure', 'departuretime', '离开时间', '离访时间', '来访结束时间', '访问结束'],
  photo: [
    ...[
      'photo',
      'photofile',
      'photoname',
      'photopath',
      'picture',
      'picturefile',
      'image',
      'imagefile',
      'filename',
      'file',
    ],
    ...['照片', '照片文件', '照片名', '照片名称', '相片', '图片', '头像', '人脸照片', '圖片', '頭像'],
  ],
};

const BY_NAME: ReadonlyMap<string, ImportField> = new Map(
  importFields.flatMap((field) => [...NAMES[field], plain(field)].map((name) => [plain(name), field] as const)),
);

/** A header without what people write it with: `Student No. *` is `studentno`. */
function plain(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[（(［[【].*?[)）\]］】]/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The field a header names, or null. */
export function fieldOfHeader(header: string): ImportField | null {
  return BY_NAME.get(plain(header)) ?? null;
}

/** Columns our own report adds; they are no part of a row that is taken back in. */
export function isReportColumn(header: string): boolean {
  return (
    header === 'verdict' ||
    header === 'reasons' ||
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}:(state|personId|error)$/.test(header)
  );
}

/** Whether the first row is names of columns rather than somebody's data (pure). */
export function looksLikeHeader(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  if (filled.length === 0) return false;
  return filled.some((cell) => fieldOfHeader(cell) !== null || isReportColumn(cell.trim()));
}

/** The name a mapping knows a column by: its header, with a number where several have it, `#n` where it has none. */
export function columnKeys(headers: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headers.map((raw, index) => {
    const name = raw.trim();
    if (name === '') return `#${index + 1}`;
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return nth === 1 ? name : `${name}#${nth}`;
  });
}

/**
 * Columns and their fields: as told, else as remembered, else by their names. A field is filled by one column: of two the report is a
 * problem, unless one was chosen by hand.
 */
export function mapColumns(
  headers: readonly string[],
  told: Mapping = {},
  remembered: Mapping = {},
): { columns: Column[]; problems: ColumnProblem[] } {
  const keys = columnKeys(headers);
  const problems: ColumnProblem[] = [];
  const chosen = (index: number, mapping: Mapping): ImportField | null | undefined => {
    const byPlace = mapping[`#${index + 1}`];
    return byPlace === undefined ? mapping[keys[index] ?? ''] : byPlace;
  };
  for (const key of Object.keys(told)) {
    const place = /^#(\d+)$/.exec(key);
    const known = keys.includes(key) || (place !== null && Number(place[1]) >= 1 && Number(place[1]) <= keys.length);
    if (!known) {
      const message = `there is no column "${key.slice(0, 64)}" (there are: ${keys.slice(0, 40).join(', ')})`;
      problems.push({ code: 'unknown-column', fatal: true, message });
    }
  }
  const byHand = new Set(Object.values(told).filter((field) => field !== null));
  const columns = headers.map((name, index): Column => {
    const own = chosen(index, told);
    if (own !== undefined) return { index, name, field: own };
    const guessed = chosen(index, remembered) ?? (isReportColumn(name.trim()) ? null : fieldOfHeader(name));
    // Whoever chose a column for a field meant that one.
    return { index, name, field: guessed !== null && byHand.has(guessed) ? null : guessed };
  });
  problems.push(...doubles(columns, keys), ...missing(columns, keys));
  return { columns, problems };
}

function doubles(columns: readonly Column[], keys: readonly string[]): ColumnProblem[] {
  const problems: ColumnProblem[] = [];
  for (const [field, both] of Map.groupBy(columns, ({ field }) => field)) {
    if (field === null || both.length < 2) continue;
    const names = both.map(({ index }) => `"${keys[index]}"`).join(' and ');
    problems.push({
      code: 'two-columns',
      fatal: true,
      message: `the columns ${names} both look like ${field}: say which one it is, for example --map ${JSON.stringify(`${keys[both[0]?.index ?? 0]}=${field}`)}`,
    });
  }
  for (const [name, same] of Map.groupBy(columns, (column) => column.name.trim())) {
    if (name === '' || same.length < 2) continue;
    const places = same.map(({ index }) => index + 1).join(' and ');
    problems.push({
      code: 'same-header',
      fatal: false,
      message: `columns ${places} have the same name, "${name.slice(0, 64)}"`,
    });
  }
  return problems;
}

function missing(columns: readonly Column[], keys: readonly string[]): ColumnProblem[] {
  const has = (...fields: ImportField[]) => columns.some(({ field }) => field !== null && fields.includes(field));
  const there = keys.slice(0, 40).join(', ');
  const problems: ColumnProblem[] = [];
  if (!has('code'))
    problems.push({
      code: 'no-code',
      fatal: true,
      message: `no column holds the code: say which one does, for example --map "Student No=code" (there are: ${there})`,
    });
  if (!has('name', 'name.family', 'name.given'))
    problems.push({
      code: 'no-name',
      fatal: true,
      message: `no column holds the name: say which one does, for example --map "Student=name" (there are: ${there})`,
    });
  return problems;
}

/** What is remembered of a table's columns is found by their names, whatever order they are in. */
export function headerSet(headers: readonly string[]): string {
  return headers
    .map((header) => header.trim())
    .filter((header) => header !== '' && !isReportColumn(header))
    .sort()
    .join('\n');
}
