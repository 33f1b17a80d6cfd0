import type { ImportReason } from '#shared/calls/import';
import { personSchema } from '#shared/person';
import type { ConfiguredPlatform } from '../api.ts';
import type { Checker } from '../check.ts';
import { type NewEnrolment, NotNeeded } from '../enrolment.ts';
import { makeMaster } from '../imaging/master.ts';
import type { StoredRow } from '../journal/import-rows.ts';
import type { ImportRecords } from '../journal/imports.ts';
import type { FaceIndex } from './face-index.ts';
import type { PhotoRef, PhotoSource } from './photo-source.ts';
import { toSend } from './plan.ts';
import {
  addKnownFaces,
  type CheckedPhoto,
  faceGroup,
  findPhoto,
  isKnownFace,
  isRow,
  judgePhoto,
  lookAt,
  photoReason,
  sameFace,
} from './row-check.ts';

export interface ImportRunDeps {
  records: ImportRecords;
  checker: Checker;
  now(): number;
  /** Runs all of it or none of it. */
  transaction<T>(work: () => T): T;
  /** Writes an enrolment and its deliveries; its id. */
  create(entry: NewEnrolment): Promise<string>;
}

export interface ImportRunOptions {
  batch: string;
  /** Null: rows are checked without their photos, and none is enrolled. */
  photos: PhotoSource | null;
  /** Photos that take the place of rows' own, by their ids. */
  replaced(id: string): PhotoRef | null;
  targets: readonly ConfiguredPlatform[];
  onDuplicate: 'warn' | 'stop';
  onExisting: 'update' | 'stop';
  onSimilar: 'ask' | 'stop';
  onlyFailed: boolean;
  faces: FaceIndex;
  signal: AbortSignal;
  /** Waits while the import is paused. */
  gate(): Promise<void>;
}

/** Warnings that a later look finds again; those of other rows' faces come from elsewhere and stay. */
const isOwn = ({ kind }: ImportReason) => kind === 'face';

/** Checks rows, and enrols those that are good. One row at a time is in here for each of the import's lanes. */
export function createImportRun(deps: ImportRunDeps, options: ImportRunOptions) {
  const { records, checker } = deps;
  const { batch, photos, targets, signal, faces } = options;
  const ids = targets.map(({ id }) => id);
  addKnownFaces(records, batch, faces);

  /** Tells the other row, too; it may have been told already, and may be enrolled: then it stays so. */
  const tellOther = (line: number, mine: number): void => {
    deps.transaction(() => {
      const other = records.row(batch, line);
      if (other === null) return;
      const list = options.onDuplicate === 'stop' && other.enrolment === null ? other.reasons : other.warnings;
      if (list.some(({ kind, lines }) => kind === 'face' && lines?.includes(mine))) return;
      list.push(sameFace(mine));
      records.judged(batch, line, other.reasons.length > 0 ? 'refused' : other.verdict, other);
    });
  };

  /** People somebody said are others than a row's. */
  const apartOf = ({ apart }: StoredRow) => {
    if (apart.length === 0) return undefined;
    const groups = new Set(apart.map((code) => faceGroup(records, code)));
    const earlier = apart.includes('');
    return ({ owner, group }: { owner: number; group: string }) => groups.has(group) || (earlier && !isRow(owner));
  };

  const compare = (row: StoredRow, code: string, descriptor: Float32Array): ImportReason | null => {
    const group = faceGroup(records, code);
    const like = faces.nearest(descriptor, group, apartOf(row));
    faces.add(descriptor, row.line, group);
    if (like === null) return null;
    if (isRow(like.owner)) tellOther(like.owner, row.line);
    return sameFace(like.owner);
  };

  /** What is said of a row's photo. */
  const photoOf = async (
    row: StoredRow,
  ): Promise<{ looked: CheckedPhoto | null; reasons: ImportReason[]; warnings: ImportReason[] }> => {
    const replaced = row.replaced === null ? null : options.replaced(row.replaced);
    if (photos === null && replaced === null) return { looked: null, reasons: [], warnings: [] };
    const found = replaced ?? (photos === null ? null : findPhoto(photos, row));
    if (found === null) return { looked: null, reasons: [], warnings: [] };
    if (!('read' in found)) return { looked: null, reasons: [found], warnings: [] };
    const code = typeof row.person?.code === 'string' ? row.person.code : '';
    try {
      const looked = await lookAt(deps, found, code, signal);
      const { reasons, warnings } = judgePhoto(looked.inspection, checker, ids);
      const face = looked.descriptor === null || code === '' ? null : compare(row, code, looked.descriptor);
      if (face !== null) (options.onDuplicate === 'stop' ? reasons : warnings).push(face);
      return { looked, reasons, warnings };
    } catch (error) {
      signal.throwIfAborted();
      return { looked: null, reasons: [photoReason(error)], warnings: [] };
    }
  };

  /** Looks at a row's photo and writes the verdict. What is returned is the photo of an accepted row. */
  const check = async (row: StoredRow): Promise<CheckedPhoto | null> => {
    const { looked, reasons, warnings } = await photoOf(row);
    return deps.transaction(() => {
      // Another row may have told this one meanwhile that it looks alike.
      const fresh = records.row(batch, row.line);
      if (fresh === null) return null;
      const all = {
        ...fresh,
        reasons: [
          ...fresh.reasons.filter(
            (reason) => reason.kind !== 'photo' && reason.kind !== 'quality' && !isKnownFace(reason),
          ),
          ...unheard(fresh.reasons, reasons),
        ],
        warnings: [...fresh.warnings.filter(isOwn), ...unheard(fresh.warnings, warnings)],
      };
      const accepted = all.reasons.length === 0;
      records.judged(batch, row.line, accepted ? 'accepted' : 'refused', all);
      return accepted ? looked : null;
    });
  };

  /** Enrols an accepted row on the platforms it was not sent to yet. True when something was written. */
  const enrol = async (row: StoredRow, photo: CheckedPhoto): Promise<boolean> => {
    const person = personSchema.parse(row.person);
    const content = records.digest('content', JSON.stringify([person, photo.digest]));
    const open = () => {
      const known = records.enrolled(content);
      const missing = toSend(ids, known, options.onlyFailed);
      const [newest] = known;
      if (missing.length === 0 && newest !== undefined && row.enrolment !== newest.enrolment)
        records.link(batch, row.line, newest.enrolment);
      return missing;
    };
    const missing = open();
    if (missing.length === 0) return false;
    const master = await makeMaster(photo.bytes, photo.inspection);
    signal.throwIfAborted();
    try {
      await deps.create({
        person,
        master,
        targets: targets.filter(({ id }) => missing.includes(id)),
        onExisting: options.onExisting,
        onSimilar: options.onSimilar,
        urgency: 'batch',
        within(enrolment) {
          // Another process may be importing the same table.
          if (open().length !== missing.length) throw new NotNeeded();
          records.remember(content, enrolment);
          records.link(batch, row.line, enrolment);
        },
      });
      return true;
    } catch (error) {
      if (error instanceof NotNeeded) return false;
      throw error;
    } finally {
      master.bytes.fill(0);
    }
  };

  return {
    async check(row: StoredRow): Promise<void> {
      await options.gate();
      signal.throwIfAborted();
      await check(row);
    },
    async checkAndEnrol(row: StoredRow): Promise<void> {
      await options.gate();
      signal.throwIfAborted();
      const photo = await check(row);
      if (photo !== null) await enrol(row, photo);
    },
    /** For a row that was accepted in a check before this run began: its photo is read again, not looked at. */
    async enrolAccepted(row: StoredRow): Promise<void> {
      await options.gate();
      signal.throwIfAborted();
      const { looked, reasons } = await withoutFaces(row);
      if (looked !== null && reasons.length === 0) await enrol(row, looked);
    },
  };

  async function withoutFaces(row: StoredRow): Promise<{ looked: CheckedPhoto | null; reasons: ImportReason[] }> {
    const replaced = row.replaced === null ? null : options.replaced(row.replaced);
    const found = replaced ?? (photos === null ? null : findPhoto(photos, row));
    if (found === null || !('read' in found)) return { looked: null, reasons: [] };
    const looked = await lookAt(deps, found, String(row.person?.code ?? ''), signal);
    return { looked, reasons: judgePhoto(looked.inspection, checker, ids).reasons };
  }
}

/** Those of `said` that are not in `known` yet. */
function unheard(known: readonly ImportReason[], said: readonly ImportReason[]): ImportReason[] {
  return said.filter(
    (reason) =>
      reason.kind !== 'face' || !known.some(({ kind, message }) => kind === 'face' && message === reason.message),
  );
}

/** Does something with each row, several at a time, in their order as they begin; the first error ends it. */
export async function eachRow(
  rows: Iterable<StoredRow>,
  lanes: number,
  work: (row: StoredRow) => Promise<void>,
): Promise<void> {
  const all = rows[Symbol.iterator]();
  let failed: { error: unknown } | null = null;
  const lane = async (): Promise<void> => {
    for (let next = all.next(); failed === null && !next.done; next = all.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failed !== null) throw (failed as { error: unknown }).error;
}

/** The rows of an import from the journal, a few at a time; rows that are skipped are left out unless they are asked for. */
export function* storedRows(
  records: Pick<ImportRecords, 'after'>,
  batch: string,
  verdict: StoredRow['verdict'] | null = null,
  skipped = false,
): Generator<StoredRow> {
  let after = 0;
  for (;;) {
    const rows = records.after(batch, after, 100, verdict);
    if (rows.length === 0) return;
    for (const row of rows) if (skipped || row.verdict !== 'skipped') yield row;
    after = rows.at(-1)?.line ?? after;
  }
}
