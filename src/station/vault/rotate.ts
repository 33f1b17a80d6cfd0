import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StationError } from '../api.ts';
import { syncDir } from '../files.ts';
import { openJournal } from '../journal/index.ts';
import { createNextKey, isKeyFromEnvironment, keyFile, keyPaths } from './key.ts';
import { openPhotoVault } from './photos.ts';
import { createKeyRing, createSealer } from './seal.ts';

export interface RotationReport {
  /** Records of the journal that were sealed anew; 0 when an interrupted rotation had done that already. */
  records: number;
  photos: number;
  /** Photos that no key opens; they are left as they are. */
  unreadable: number;
  /** Copies of the journal from before (upgrades, repairs, damage) that were under the old key and are deleted. */
  copies: number;
  /** Where the new key is now: in the data folder, or in the environment, which the owner has to change. */
  key: 'file' | 'environment';
}

/**
 * Replaces the data key: makes a new one, seals the journal anew in one transaction, then each photo, and then puts the new key in the
 * place of the old. Killed at any point, both keys are there and the station reads with both; run again, it goes on where it was. No
 * other process may have the data folder open. Copies of the journal made earlier are deleted: they would stay under a key that is given up,
 * and the journal they are copies of has just been read whole.
 * @param between called after each phase, for tests that end there
 * @throws StationError when another process is at work, or the journal cannot be opened
 */
export async function rotateKey(
  dataDir: string,
  env: NodeJS.ProcessEnv,
  now: number,
  between: (phase: 'key' | 'journal' | 'photos') => void = () => undefined,
): Promise<RotationReport> {
  if (!existsSync(join(dataDir, 'journal.db')))
    throw new StationError('data-dir', `${dataDir} holds no journal: there is nothing to seal anew`);
  const source = keyFile(dataDir, env);
  const old = await source.load();
  const inEnvironment = isKeyFromEnvironment(env);
  if (!inEnvironment) await createNextKey(dataDir);
  const [next] = (await source.others?.()) ?? [];
  if (next === undefined)
    throw new StationError('key', 'the key comes from VESTIBULE_KEY: give the one to come in VESTIBULE_NEW_KEY');
  if (Buffer.from(next).equals(old)) throw new StationError('key', 'the new key is the old one');
  between('key');

  const keys = [old, next];
  const journal = openJournal(dataDir, keys, now, { alone: true });
  try {
    const records = journal.reseal(next, keys, now);
    between('journal');
    const { photos, unreadable } = await resealPhotos(dataDir, next, keys);
    const copies = await deleteCopies(dataDir);
    between('photos');
    if (!inEnvironment) {
      const { key, next: path } = keyPaths(dataDir);
      await rename(path, key);
      await syncDir(dataDir);
    }
    return { records, photos, unreadable, copies, key: inEnvironment ? 'environment' : 'file' };
  } finally {
    journal.close();
  }
}

async function deleteCopies(dataDir: string): Promise<number> {
  const copies = (await readdir(dataDir)).filter((name) => /^journal-(backup|damaged|before-repair)-/.test(name));
  for (const name of copies) await rm(join(dataDir, name), { recursive: true, force: true });
  return copies.length;
}

async function resealPhotos(
  dataDir: string,
  next: Uint8Array,
  keys: readonly Uint8Array[],
): Promise<{ photos: number; unreadable: number }> {
  const dir = join(dataDir, 'photos');
  const sealed = await openPhotoVault(dir, createSealer(next), Date.now);
  const either = await openPhotoVault(dir, createKeyRing(next, keys), Date.now);
  let photos = 0;
  let unreadable = 0;
  for (const enrolment of await either.stale(Number.NEGATIVE_INFINITY)) {
    const done = await sealed.read(enrolment).then(
      () => true,
      () => false,
    );
    if (done) continue;
    const bytes = await either.read(enrolment).catch(() => null);
    if (bytes === null) {
      unreadable += 1;
      continue;
    }
    await sealed.write(enrolment, bytes);
    bytes.fill(0);
    photos += 1;
  }
  return { photos, unreadable };
}
