/** One row of a folder's `labels.csv`: what is known of a picture. Columns beyond these are ignored. */
export interface Label {
  /** Path in the folder. */
  file: string;
  expectedFaces: number | null;
  /** Degrees, signs as in `Measures`; null where not known. */
  yaw: number | null;
  pitch: number | null;
  roll: number | null;
  /** How the pose is known: `synthetic_exact`, `estimator_…` and others. */
  poseKind: string;
  expectedVerdict: 'pass' | 'reject' | 'either';
  /** What to group by: the reject reasons, or the categories. */
  category: string;
  notes: string;
}

/**
 * Reads `labels.csv`.
 *
 * @throws {Error} naming the line, when a column is missing or a verdict is unknown
 */
export function parseLabels(csv: string): Label[] {
  const [head, ...rows] = parseCsv(csv);
  if (!head) throw new Error('labels.csv is empty');
  const column = (name: string): number => {
    const at = head.indexOf(name);
    if (at < 0) throw new Error(`labels.csv has no column ${name}`);
    return at;
  };
  const at = {
    file: column('file'),
    faces: column('expected_faces'),
    yaw: column('yaw_deg'),
    pitch: column('pitch_deg'),
    roll: column('roll_deg'),
    poseKind: column('pose_kind'),
    categories: column('categories'),
    verdict: column('expected_verdict'),
    reasons: column('reject_reasons'),
    notes: column('notes'),
  };
  return rows.map((row, n) => {
    const verdict = row[at.verdict];
    if (verdict !== 'pass' && verdict !== 'reject' && verdict !== 'either') {
      throw new Error(`labels.csv, line ${n + 2}: expected_verdict is ${verdict ?? 'missing'}`);
    }
    return {
      file: row[at.file] ?? '',
      expectedFaces: number(row[at.faces]),
      yaw: number(row[at.yaw]),
      pitch: number(row[at.pitch]),
      roll: number(row[at.roll]),
      poseKind: row[at.poseKind] ?? '',
      expectedVerdict: verdict,
      category: `${verdict}: ${row[at.reasons] || row[at.categories] || 'unlabelled'}`,
      notes: row[at.notes] ?? '',
    };
  });
}

function number(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Comma-separated values with quoted fields (RFC 4180); empty lines are left out. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const end = (): void => {
    row.push(field);
    if (row.length > 1 || field !== '') rows.push(row);
    row = [];
    field = '';
  };
  for (let n = 0; n < text.length; n++) {
    const c = text[n];
    if (quoted) {
      if (c === '"' && text[n + 1] === '"') {
        field += '"';
        n++;
      } else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"') quoted = true;
    else if (c === ',') {
      row.push(field);
      field = '';
    } else if (c === '\n') end();
    else if (c !== '\r') field += c;
  }
  if (field !== '' || row.length > 0) end();
  return rows;
}
