import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ImportReason } from '#shared/calls/import';
import { FaultError } from '#shared/fault';
import { type Inspection, MEASURES_VERSION } from '#shared/measures';
import { assess, type Checker, pictureFault } from '../check.ts';
import type { StoredRow } from '../journal/import-rows.ts';
import type { ImportRecords } from '../journal/imports.ts';
import { descriptorOf, descriptorText } from './descriptor-text.ts';
import type { FaceIndex } from './face-index.ts';
import type { PhotoRef, PhotoSource } from './photo-source.ts';
import { qualityReason } from './quality-words.ts';

export interface RowCheckDeps {
  records: ImportRecords;
  checker: Checker;
  now(): number;
}

/** What a look at a row's photo told. */
export interface CheckedPhoto {
  bytes: Uint8Array;
  inspection: Inspection;
  descriptor: Float32Array | null;
  /** Hexadecimal digest of the photo's bytes. */
  digest: string;
}

/** Finds a row's photo; a reason where there is none, or none that may be read. */
export function findPhoto(photos: PhotoSource, row: Pick<StoredRow, 'person' | 'photo'>): PhotoRef | ImportReason {
  const code = typeof row.person?.code === 'string' ? row.person.code : '';
  const found = photos.find({ photo: row.photo, code });
  return 'problem' in found ? { kind: 'photo', code: found.problem, message: found.message } : found.entry;
}

/**
 * Reads and looks at a photo; one that was looked at before, whatever it was called then, is not looked at again.
 * @throws FaultError `quality` when it cannot be read; the signal's reason
 */
export async function lookAt(
  { records, checker, now }: RowCheckDeps,
  ref: PhotoRef,
  code: string,
  signal: AbortSignal,
): Promise<CheckedPhoto> {
  const bytes = await ref.read();
  signal.throwIfAborted();
  const { digest, key } = photoKeys(records, bytes);
  const known = records.look(key, now());
  if (known !== null) {
    const { inspection, descriptor } = known;
    return {
      bytes,
      digest,
      inspection: inspection as Inspection,
      descriptor: descriptor === null ? null : descriptorOf(descriptor),
    };
  }
  const { inspector } = checker;
  try {
    const source = { bytes };
    const { inspection, descriptor } = inspector.describe
      ? await inspector.describe(source, signal)
      : { inspection: await inspector.inspect(source, signal), descriptor: null };
    records.keepLook(key, code, { inspection, descriptor: descriptor && descriptorText(descriptor) }, now());
    return { bytes, digest, inspection, descriptor };
  } catch (error) {
    signal.throwIfAborted();
    throw new FaultError(pictureFault(error), { cause: error });
  }
}

function photoKeys(records: ImportRecords, bytes: Uint8Array): { digest: string; key: Uint8Array } {
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { digest, key: records.digest('photo', `${MEASURES_VERSION}:${digest}`) };
}

/** What a look at this photo told; null when there was none. */
export function knownLook(records: ImportRecords, bytes: Uint8Array, at: number): Inspection | null {
  const known = records.look(photoKeys(records, bytes).key, at);
  return known === null ? null : (known.inspection as Inspection);
}

/** What is said of a photo: reasons that refuse it, and what platforms' own services are likely to mind. */
export function judgePhoto(
  inspection: Inspection,
  checker: Checker,
  targets: readonly string[],
): { reasons: ImportReason[]; warnings: ImportReason[] } {
  const { reasons, platforms } = assess(inspection, checker, targets);
  const warnings = Object.entries(platforms).flatMap(([platform, prediction]): ImportReason[] =>
    prediction === null || reasons.length > 0
      ? []
      : [
          {
            kind: 'quality',
            code: 'predicted',
            platform,
            message: `${platform} may refuse this photo: ${prediction.message} (${prediction.code})`,
          },
        ],
  );
  return { reasons: reasons.map(qualityReason), warnings };
}

export function photoReason(error: unknown): ImportReason {
  const { code, message } = pictureFault(error);
  return { kind: 'photo', code, message };
}

/** Owners in an index of faces that are in no row of the table: somebody of an earlier import, or enrolled at the desk. Rows count from 1. */
const EARLIER = -1;
const AT_DESK = -2;

/** What is said of a row whose face another has. @param owner a row, or who is in none */
export function sameFace(owner: number): ImportReason {
  if (owner === EARLIER)
    return {
      kind: 'face',
      code: 'known',
      message: 'looks like somebody with another code of an earlier import: is it the same person?',
    };
  if (owner === AT_DESK)
    return {
      kind: 'face',
      code: 'desk',
      message: 'looks like somebody with another code who was enrolled at this desk: is it the same person?',
    };
  return {
    kind: 'face',
    code: 'same',
    message: `looks like the person in row ${owner}, who has another code: is it the same person?`,
    lines: [owner],
  };
}

/** Whether an owner in an index of faces is a row of the table (pure). */
export const isRow = (owner: number): boolean => owner > 0;

/** Whether a row is said to have the face of somebody who is in no row (pure). */
export function isKnownFace({ kind, code }: Pick<ImportReason, 'kind' | 'code'>): boolean {
  return kind === 'face' && (code === 'known' || code === 'desk');
}

/** Puts the faces of earlier imports, and of the desk where they are kept, into an index. */
export function addKnownFaces(records: ImportRecords, batch: string, faces: FaceIndex): void {
  for (const { code, descriptor } of records.faces(batch)) faces.add(descriptorOf(descriptor), EARLIER, code);
  for (const { code, descriptor } of records.deskFaces(batch)) faces.add(descriptorOf(descriptor), AT_DESK, code);
}

/**
 * Puts the faces of a table's own rows into an index, for looks at single rows after the table was checked.
 * @param but a row whose face is another now
 */
export async function addRowFaces(
  records: ImportRecords,
  batch: string,
  faces: FaceIndex,
  but: number | null,
): Promise<void> {
  let read = 0;
  for (const { line, code, descriptor } of records.rowFaces(batch)) {
    if (line !== but) faces.add(descriptorOf(descriptor), line, code);
    read += 1;
    // Ten thousand are unsealed in a second: others have their turn meanwhile.
    if (read % ROWS_AT_ONCE === 0) await setImmediate();
  }
}

const ROWS_AT_ONCE = 200;

/** How an index knows a person: by the digest of the code. */
export function faceGroup(records: ImportRecords, code: string): string {
  return Buffer.from(records.digest('code', code)).toString('hex');
}
