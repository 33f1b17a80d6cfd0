import type { ImportReason } from '#shared/calls/import';
import type { RowContent, StoredRow } from '../journal/import-rows.ts';
import type { ImportRecords } from '../journal/imports.ts';
import { isKnownFace, sameFace } from './row-check.ts';

/** Other rows with the same code that are named. */
const NAMED = 10;

const LEFT_OUT: ImportReason = {
  kind: 'row',
  code: 'left-out',
  message: 'left out at the desk: it is the same person as another row',
};

/** What is said of rows that share their code with others. */
export function sameCode(line: number, lines: readonly number[]): ImportReason {
  const others = lines.filter((other) => other !== line);
  const named = others.slice(0, NAMED);
  const more = others.length > named.length ? ` and ${others.length - named.length} more` : '';
  return {
    kind: 'code',
    code: 'duplicate',
    message: `row ${named.join(', ')}${more} has the same code: leave one`,
    lines: named,
  };
}

const codeOf = ({ person }: Pick<RowContent, 'person'>): string =>
  typeof person?.code === 'string' ? person.code : '';
const isDouble = ({ kind, code }: ImportReason) => kind === 'code' && code === 'duplicate';
const isFaceOf = (lines: ReadonlySet<number>) => (reason: ImportReason) =>
  reason.kind === 'face' && (reason.lines ?? []).some((line) => lines.has(line));

/** What stays with a person's row when the table is read again. */
export type Carried = Pick<RowContent, 'replaced' | 'out' | 'apart'>;
const NOTHING_CARRIED: Carried = { replaced: null, out: false, apart: [] };

/**
 * What somebody did at the desk goes with the person, wherever their row is when the table is read again: by the code, and where several
 * rows have one, by all that the row says.
 */
export function carriedFrom(rows: Iterable<StoredRow>): (row: Pick<RowContent, 'person' | 'cells'>) => Carried {
  const known = new Map<string, { cells: string; carried: Carried }[]>();
  for (const row of rows) {
    if (row.replaced === null && !row.out && row.apart.length === 0) continue;
    const { replaced, out, apart } = row;
    const key = codeOf(row).toLowerCase();
    known.set(key, [
      ...(known.get(key) ?? []),
      { cells: JSON.stringify(row.cells), carried: { replaced, out, apart } },
    ]);
  }
  return (row) => {
    const same = known.get(codeOf(row).toLowerCase());
    if (same === undefined) return NOTHING_CARRIED;
    const exact = same.find(({ cells }) => cells === JSON.stringify(row.cells));
    if (exact !== undefined) return exact.carried;
    // One of two rows with a code was left out: another that says something else is not that one.
    const [only, another] = same;
    return only !== undefined && another === undefined && !only.carried.out ? only.carried : NOTHING_CARRIED;
  };
}

/** A row that somebody left out, as it is told. */
export function leftOut<R extends Pick<RowContent, 'reasons'>>(row: R): R {
  return { ...row, reasons: [LEFT_OUT, ...row.reasons.filter(({ code }) => code !== LEFT_OUT.code)] };
}

/** Writes decisions about rows that look like one person twice. Each answers with the lines to be looked at again. */
export function createDecisions(records: Pick<ImportRecords, 'row' | 'judged' | 'withCode'>) {
  /** Who still has the code of a row: where several do, each is told of the others. */
  const recount = (batch: string, code: string): number[] => {
    const rows = records.withCode(batch, code);
    const sharing = rows.filter((row) => !row.out);
    const changed: number[] = [];
    for (const row of sharing) {
      const rest = row.reasons.filter((reason) => !isDouble(reason));
      const lines = sharing.map(({ line }) => line);
      const reasons = sharing.length > 1 ? [...rest, sameCode(row.line, lines)] : rest;
      records.judged(batch, row.line, reasons.length > 0 ? 'refused' : row.verdict, { ...row, reasons });
      changed.push(row.line);
    }
    return changed;
  };

  /** Rows that are told to have this one's face, changed; their lines. */
  const eachAlike = (
    batch: string,
    row: StoredRow,
    change: (other: StoredRow, refuses: boolean) => RowContent,
  ): number[] => {
    const told = (list: readonly ImportReason[]) => list.flatMap(({ kind, lines }) => (kind === 'face' && lines) || []);
    const refusing = new Set(told(row.reasons));
    const alike = new Set([...refusing, ...told(row.warnings)]);
    return [...alike].flatMap((line) => {
      const other = records.row(batch, line);
      if (other === null || other.out) return [];
      records.judged(batch, line, other.verdict, change(other, refusing.has(line)));
      return line;
    });
  };
  const withoutFaceOf = (row: StoredRow, lines: ReadonlySet<number>): StoredRow => {
    const others = (reason: ImportReason) => !isFaceOf(lines)(reason);
    return { ...row, reasons: row.reasons.filter(others), warnings: row.warnings.filter(others) };
  };

  return {
    out(batch: string, row: StoredRow): number[] {
      records.judged(batch, row.line, 'skipped', leftOut({ ...row, out: true }));
      const alike = eachAlike(batch, row, (other) => withoutFaceOf(other, new Set([row.line])));
      return [...new Set([...alike, ...recount(batch, codeOf(row))])];
    },

    back(batch: string, row: StoredRow): number[] {
      const reasons = row.reasons.filter(({ code }) => code !== LEFT_OUT.code);
      records.judged(batch, row.line, reasons.length > 0 ? 'refused' : 'new', { ...row, out: false, reasons });
      const alike = eachAlike(batch, row, (other, refuses) => {
        const told = withoutFaceOf(other, new Set([row.line]));
        (refuses ? told.reasons : told.warnings).push(sameFace(row.line));
        return told;
      });
      return [...new Set([row.line, ...alike, ...recount(batch, codeOf(row))])];
    },

    /** The row shows another face from now on: what was said of the one before is taken back, also of those that were like it. */
    anew(batch: string, row: StoredRow): number[] {
      const alike = eachAlike(batch, row, (other) => withoutFaceOf(other, new Set([row.line])));
      const others = (reason: ImportReason) => reason.kind !== 'face';
      const content = { ...row, reasons: row.reasons.filter(others), warnings: row.warnings.filter(others) };
      records.judged(batch, row.line, row.verdict, content);
      return [row.line, ...alike];
    },

    /** @param others none: everybody of earlier imports and at the desk */
    apart(batch: string, row: StoredRow, others: readonly number[]): number[] {
      const rows = others.flatMap((line) => records.row(batch, line) ?? []);
      const say = (one: StoredRow, whom: readonly StoredRow[]): void => {
        const gone = whom.length === 0 ? isKnownFace : isFaceOf(new Set(whom.map(({ line }) => line)));
        const codes = whom.length === 0 ? [''] : whom.map(codeOf);
        records.judged(batch, one.line, one.verdict, {
          ...one,
          apart: [...new Set([...one.apart, ...codes])],
          reasons: one.reasons.filter((reason) => !gone(reason)),
          warnings: one.warnings.filter((reason) => !gone(reason)),
        });
      };
      say(row, rows);
      for (const other of rows) say(other, [row]);
      return [row.line, ...rows.filter(({ out }) => !out).map(({ line }) => line)];
    },
  };
}
