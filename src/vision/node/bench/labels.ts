import { CsvError, parse } from 'csv-parse/sync';

/** One row of a folder's `labels.csv`: what is known of a picture. Columns beyond these are ignored. */
export interface Label {
  /** Line in `labels.csv`, from 1. */
  line: number;
  /** Path in the folder, with `/`. */
  file: string;
  /** Where the picture is from; the file's own folder where the column is missing. */
  source: string;
  expectedFaces: number | null;
  /** Degrees, signs as in `Measures`; null where not known. */
  yaw: number | null;
  pitch: number | null;
  roll: number | null;
  /** How the pose is known: `synthetic_exact`, `estimator_…` and others; empty where it is not said. */
  poseKind: string;
  /** Which pose it is: `frontal`, `left` and others; empty where it is not said. */
  poseBand: string;
  /** Inter-eye distance in pixels of the picture. */
  ied: number | null;
  expectedVerdict: 'pass' | 'reject' | 'either';
  rejectReasons: string[];
  /** What to group by: the verdict with its reasons, or its categories. */
  category: string;
  notes: string;
}

/** A row, or the picture it names, that could not be used. The rest goes on. */
export interface Problem {
  line: number;
  file: string;
  message: string;
}

const VERDICTS = ['pass', 'reject', 'either'] as const;

/**
 * Reads `labels.csv`: UTF-8 or UTF-16 with or without a byte-order mark, any line ends, commas, semicolons or tabs. Only `file` and
 * `expected_verdict` must be there; what other columns would tell is then unknown. A row that cannot be used becomes a problem.
 *
 * @throws {Error} when it is no CSV (a quote that never ends) or one of the two columns is missing
 */
export function parseLabels(csv: Uint8Array | string): { labels: Label[]; problems: Problem[] } {
  const bytes = Buffer.from(csv);
  const { head, rows } = readTable(bytes);
  for (const name of ['file', 'expected_verdict']) {
    if (!head.includes(name)) throw new Error(`labels.csv has no column ${name}`);
  }
  const labels: Label[] = [];
  const problems: Problem[] = [];
  for (const { line, cells } of rows) {
    const cell = (name: string): string => cells[name]?.trim() ?? '';
    const file = cell('file').replaceAll('\\', '/');
    const verdict = VERDICTS.find((known) => known === cell('expected_verdict').toLowerCase());
    if (file === '') problems.push({ line, file, message: 'the row names no file' });
    else if (!verdict) {
      const said = cell('expected_verdict') || 'missing';
      problems.push({ line, file, message: `expected_verdict is ${said}, not pass, reject or either` });
    } else labels.push(labelOf(line, file, verdict, cell));
  }
  return { labels, problems };
}

function labelOf(
  line: number,
  file: string,
  expectedVerdict: Label['expectedVerdict'],
  cell: (name: string) => string,
): Label {
  const reasons = cell('reject_reasons');
  return {
    line,
    file,
    source: cell('source') || file.split('/').slice(0, -1).join('/'),
    expectedFaces: number(cell('expected_faces')),
    yaw: number(cell('yaw_deg')),
    pitch: number(cell('pitch_deg')),
    roll: number(cell('roll_deg')),
    poseKind: cell('pose_kind'),
    poseBand: cell('pose_band'),
    ied: number(cell('ied_px')),
    expectedVerdict,
    rejectReasons: reasons.split(/[;,|]/).flatMap((reason) => reason.trim().toLowerCase() || []),
    category: `${expectedVerdict}: ${reasons || cell('categories') || 'unlabelled'}`,
    notes: cell('notes'),
  };
}

function readTable(bytes: Buffer): { head: string[]; rows: { line: number; cells: Record<string, string> }[] } {
  let head: string[] = [];
  try {
    const rows = parse(bytes, {
      bom: true,
      delimiter: delimiterOf(bytes),
      columns: (names: string[]) => {
        head = names.map((name) => name.trim().toLowerCase());
        return head;
      },
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    return { head, rows: rows.map(({ record, info }) => ({ line: info.lines, cells: record })) };
  } catch (cause) {
    if (cause instanceof CsvError) throw new Error(`labels.csv cannot be read: ${cause.message}`, { cause });
    throw cause;
  }
}

/** Spreadsheets write semicolons where the comma is the decimal mark; a list in a cell has semicolons, too, so the head decides. */
function delimiterOf(bytes: Buffer): string {
  const [head = ''] = bytes.toString('latin1').split(/[\r\n]/, 1);
  return [',', ';', '\t'].find((mark) => head.includes(mark)) ?? ',';
}

function number(text: string): number | null {
  if (text === '') return null;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}
