import { join } from 'node:path';
import type { KeySource } from './api.ts';
import { ensureDir } from './files.ts';
import { type Journal, openJournal } from './journal/index.ts';
import type { Retention } from './outbox/retention.ts';
import { loadKeys } from './vault/key.ts';
import { openPhotoVault, type PhotoVault } from './vault/photos.ts';

/** A data folder in use: its journal and photos, open, and this process's entry among those who work on it. */
export interface OpenFolder {
  keys: readonly Uint8Array[];
  journal: Journal;
  vault: PhotoVault;
  owner: string;
}

/**
 * Opens a data folder, which is made where there is none, and enters this process there. What was opened before something failed is closed.
 * @param retention read each time a photo's end is decided: changed in place when it changes
 * @throws StationError when the folder, the key or the journal cannot be used; the message says what to do
 */
export async function openFolder(
  dataDir: string,
  { key, retention, now }: { key: KeySource; retention: Retention; now: number },
): Promise<OpenFolder> {
  await ensureDir(dataDir);
  const keys = await loadKeys(key);
  const journal = openJournal(dataDir, keys, now, { retention });
  // The folder's files carry the system's time, whatever `now` says.
  const vault = await openPhotoVault(join(dataDir, 'photos'), journal.sealer, Date.now).catch((error: unknown) => {
    journal.close();
    throw error;
  });
  const owner = journal.owners.enter(now);
  try {
    // Whoever replaces the key looks for company: either they saw us, or we see that it was replaced.
    journal.demandKey();
  } catch (error) {
    journal.owners.leave(owner);
    journal.close();
    throw error;
  }
  return { keys, journal, vault, owner };
}
