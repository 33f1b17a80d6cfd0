import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeyChange, StationError } from '../api.ts';
import { type Journal, openJournal } from '../journal/index.ts';
import { keyFile, loadKeys } from './key.ts';
import { openPhotoVault, type PhotoVault, type ResealOptions } from './photos.ts';
import { createSealer } from './seal.ts';

/** Folder of a data folder where imports keep what was uploaded. */
export const UPLOADS = 'imports';

export interface Replaced {
  /** Records of the journal that were sealed anew; 0 when an interrupted rotation had done that already. */
  records: number;
  photos: number;
  /** Photos that no key opens; they are left as they are. */
  unreadable: number;
  /** Copies of the journal from before (upgrades, repairs, damage) that were under the old key and are deleted. */
  copies: number;
}

export interface RotationReport extends Replaced {
  /** Where the new key is now: in the data folder, or in the environment, which the owner has to change. */
  key: 'file' | 'environment';
}

/** Called after each phase, for tests that end there. */
export type Between = (phase: 'key' | 'journal' | 'photos') => void;

export interface Replacement extends ResealOptions {
  dataDir: string;
  journal: Journal;
  vault: PhotoVault;
  /** Uploads of imports, sealed like photos. */
  uploads: PhotoVault;
  change: KeyChange;
  actor: string;
  at: number;
  /** Inside the journal's transaction: throws when another process is at work, which would go on with the old key. */
  alone?(): void;
  between?: Between | undefined;
}

/**
 * Replaces the data key: the new one is kept beside the old, the journal is sealed anew in one transaction, then each photo, and then the
 * new key takes the place of the old. Killed or aborted at any point, both keys are there and the station reads with both; done again, it
 * goes on where it was. Journal and vault may be in use meanwhile, by this process alone. Copies of the journal made earlier are deleted:
 * they would stay under a key that is given up, and the journal they are copies of has just been read whole.
 */
export async function replaceKey(replacement: Replacement): Promise<Replaced> {
  const { dataDir, journal, vault, uploads, change, actor, at, alone, between } = replacement;
  const next = await change.prepare();
  between?.('key');
  const records = journal.reseal(next, { actor, at, ...(alone && { alone }) });
  between?.('journal');
  const sealer = createSealer(next);
  await uploads.reseal(sealer, { signal: replacement.signal });
  const { photos, unreadable } = await vault.reseal(sealer, replacement);
  const copies = await deleteCopies(dataDir);
  between?.('photos');
  await change.finish();
  journal.sealer.dropOthers();
  return { records, photos, unreadable, copies };
}

/**
 * Replaces the key of a data folder that no process has open: `replaceKey` for the command line. The new key is made beside the key file, or
 * comes from `VESTIBULE_NEW_KEY`.
 * @throws StationError when another process is at work, or the journal cannot be opened
 */
export async function rotateKey(
  dataDir: string,
  env: NodeJS.ProcessEnv,
  now: number,
  between?: Between,
): Promise<RotationReport> {
  if (!existsSync(join(dataDir, 'journal.db')))
    throw new StationError('data-dir', `${dataDir} holds no journal: there is nothing to seal anew`);
  const source = keyFile(dataDir, env);
  const keys = await loadKeys(source);
  const { change } = source;
  if (change === undefined)
    throw new StationError('key', 'the key comes from VESTIBULE_KEY: give the one to come in VESTIBULE_NEW_KEY');
  const [old, next] = keys;
  if (old && next && Buffer.from(next).equals(old)) throw new StationError('key', 'the new key is the old one');

  const journal = openJournal(dataDir, keys, now, { alone: true });
  try {
    const vault = await openPhotoVault(join(dataDir, 'photos'), journal.sealer, Date.now);
    const uploads = await openPhotoVault(join(dataDir, UPLOADS), journal.sealer, Date.now);
    const replaced = await replaceKey({ dataDir, journal, vault, uploads, change, actor: 'cli', at: now, between });
    return { ...replaced, key: change.keeper === 'environment' ? 'environment' : 'file' };
  } finally {
    journal.close();
  }
}

async function deleteCopies(dataDir: string): Promise<number> {
  const copies = (await readdir(dataDir)).filter((name) => /^journal-(backup|damaged|before-repair)-/.test(name));
  for (const name of copies) await rm(join(dataDir, name), { recursive: true, force: true });
  return copies.length;
}
