import { createHash, X509Certificate } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { exists, writeDurably } from '../files.ts';

/** Folder, in the data folder, of CA certificates that were given at the desk. */
const FOLDER = 'certificates';
/** What was put there from here; what an owner put there is theirs. */
const OURS = /^[0-9a-f]{32}\.pem$/;

/**
 * The CA certificates that were given at the desk.
 * @param named files that an entry names, as it names them
 */
export function createCertificates(dataDir: string, named: () => ReadonlySet<string>) {
  const folder = join(dataDir, FOLDER);
  /** Forms that are being tried or saved: what they brought along is needed until they are done. */
  let busy = 0;

  /** Deletes what no entry names any more. */
  async function tidy(): Promise<void> {
    if (busy > 0) return;
    const names = await readdir(folder).catch(() => []);
    // An entry that moved from a configuration names its file by the whole path.
    const needed = new Set([...named()].map((path) => basename(path)));
    for (const name of names)
      if (OURS.test(name) && !needed.has(name)) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }

  return {
    /** Puts a certificate into the data folder, named by what it is; its name there, or null where it is none. */
    async keep(pem: string): Promise<string | null> {
      try {
        new X509Certificate(pem);
      } catch {
        return null;
      }
      const file = `${createHash('sha256').update(pem, 'utf8').digest('hex').slice(0, 32)}.pem`;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, file);
      if (!(await exists(path))) await writeDurably(path, Buffer.from(pem, 'utf8'));
      return join(FOLDER, file);
    },

    /** Does what may keep certificates, and deletes afterwards those that nothing names. */
    async during<T>(work: () => Promise<T>): Promise<T> {
      busy += 1;
      try {
        return await work();
      } finally {
        busy -= 1;
        await tidy();
      }
    },

    tidy,
  };
}
