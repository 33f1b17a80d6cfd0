import { createHash } from 'node:crypto';
import type { ImportReason } from '#shared/calls/import';
import { FaultError } from '#shared/fault';
import { type Inspection, MEASURES_VERSION } from '#shared/measures';
import { assess, type Checker, pictureFault } from '../check.ts';
import type { StoredRow } from '../journal/import-rows.ts';
import type { ImportRecords } from '../journal/imports.ts';
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
    return { bytes, digest, inspection: inspection as Inspection, descriptor: fromBase64(descriptor) };
  }
  const { inspector } = checker;
  try {
    const source = { bytes };
    const { inspection, descriptor } = inspector.describe
      ? await inspector.describe(source, signal)
      : { inspection: await inspector.inspect(source, signal), descriptor: null };
    records.keepLook(key, code, { inspection, descriptor: toBase64(descriptor) }, now());
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

/** What is said of a row whose face another row has, or somebody of an earlier import. */
export function sameFace(line: number | null): ImportReason {
  return line === null
    ? {
        kind: 'face',
        code: 'known',
        message: 'looks like somebody with another code of an earlier import: is it the same person?',
      }
    : {
        kind: 'face',
        code: 'same',
        message: `looks like the person in row ${line}, who has another code: is it the same person?`,
        lines: [line],
      };
}

/** Faces earlier imports left are found as these owners. */
export const EARLIER = -1;

/** Puts what earlier imports know into an index. */
export function addKnownFaces(records: ImportRecords, batch: string, faces: FaceIndex): void {
  for (const { code, descriptor } of records.faces(batch)) {
    const known = fromBase64(descriptor);
    if (known !== null) faces.add(known, EARLIER, code);
  }
}

/** How an index knows a person: by the digest of the code. */
export function faceGroup(records: ImportRecords, code: string): string {
  return Buffer.from(records.digest('code', code)).toString('hex');
}

function toBase64(descriptor: Float32Array | null): string | null {
  if (descriptor === null) return null;
  return Buffer.from(descriptor.buffer, descriptor.byteOffset, descriptor.byteLength).toString('base64');
}

function fromBase64(text: string | null): Float32Array | null {
  if (text === null) return null;
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
