import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

export interface DataFolder {
  path: string;
  /** Forgets the folder where it was only lent. A browser that is just ending may still write to its profile: it is tried again. */
  release(): Promise<void>;
}

/**
 * Where a desk keeps its data: as told, else the system's usual place. With the lab alone it is a folder for this one run: the lab
 * forgets everything when it ends, and receipts of people nobody knows any more would only confuse.
 */
export async function dataFolder(options: { data?: string | undefined; labOnly: boolean }): Promise<DataFolder> {
  const keep = async () => {};
  if (options.data !== undefined) return { path: resolve(options.data), release: keep };
  if (!options.labOnly) return { path: envPaths('Vestibule', { suffix: '' }).data, release: keep };
  const path = await mkdtemp(join(tmpdir(), 'vestibule-'));
  return { path, release: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }) };
}
