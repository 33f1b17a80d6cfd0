import { z } from 'zod';
import { importFields, importSettingsSchema, PHASES } from '#shared/calls/import';
import type { PhotoVault } from '../vault/photos.ts';
import type { Uploads } from './uploads.ts';

/** Where a table or photos came from: what a screen handed over, or a place on this machine. */
const originSchema = z.union([z.strictObject({ upload: z.uuid() }), z.strictObject({ path: z.string() })]);
export type Origin = z.infer<typeof originSchema>;

/** All it takes to open an import again as it was. */
const keptSchema = z.object({
  name: z.string(),
  table: originSchema,
  photos: originSchema.nullable(),
  reading: z.object({
    encoding: z.string().optional(),
    delimiter: z.string().optional(),
    header: z.boolean().optional(),
  }),
  mapping: z.record(z.string(), z.enum(importFields).nullable()),
  settings: importSettingsSchema.nullable(),
  phase: z.enum(PHASES),
  /** What was being done when this was written. */
  doing: z.enum(['check', 'run']).nullable(),
  /** Photos given in place of rows' own. */
  replaced: z.array(z.uuid()),
});
export type KeptImport = z.infer<typeof keptSchema>;

export interface KeptImports {
  /** What was kept of each import, by its id. */
  all(): ReadonlyMap<string, KeptImport>;
  /** Writes it down; uploads that no import needs any more are erased. Rejects with FaultError `capacity`. */
  write(id: string, kept: KeptImport): Promise<void>;
  erase(id: string): Promise<void>;
  /** A photo given in place of a row's own is erased, and named no more. */
  erasePhoto(id: string, photo: string): Promise<void>;
  /** Ids of all sealed files that belong to an import. */
  files(): Promise<Set<string>>;
}

const PREFIX = 'import-';
const uploadOf = (origin: Origin | null): string[] => (origin !== null && 'upload' in origin ? [origin.upload] : []);
const uploadsOf = ({ table, photos }: KeptImport): string[] => [...uploadOf(table), ...uploadOf(photos)];

/** Imports that outlive the station: a sealed note each beside the uploads it names. Notes that do not open are left out. */
export async function openKeptImports(vault: PhotoVault, uploads: Uploads): Promise<KeptImports> {
  const notes = new Map<string, KeptImport>();
  for (const name of await vault.list()) {
    if (!name.startsWith(PREFIX)) continue;
    const note = keptSchema.safeParse(await json(vault, name));
    if (note.success) notes.set(name.slice(PREFIX.length), note.data);
  }

  /** Erases what `before` needed and no note needs now. */
  const release = async (before: KeptImport): Promise<void> => {
    const needed = new Set([...notes.values()].flatMap(uploadsOf));
    for (const token of uploadsOf(before)) {
      if (needed.has(token)) continue;
      await uploads.restore(token);
      await uploads.forget(token);
    }
  };

  return {
    all: () => notes,

    async write(id, kept) {
      const before = notes.get(id);
      for (const token of uploadsOf(kept)) if (!before || !uploadsOf(before).includes(token)) await uploads.save(token);
      await vault.write(PREFIX + id, Buffer.from(JSON.stringify(kept)));
      notes.set(id, kept);
      if (before !== undefined) await release(before);
    },

    async erase(id) {
      const before = notes.get(id);
      if (before === undefined) return;
      notes.delete(id);
      await vault.erase(PREFIX + id);
      for (const photo of before.replaced) await vault.erase(photo);
      await release(before);
    },

    async erasePhoto(id, photo) {
      const before = notes.get(id);
      await vault.erase(photo);
      if (before === undefined) return;
      const kept = { ...before, replaced: before.replaced.filter((one) => one !== photo) };
      await vault.write(PREFIX + id, Buffer.from(JSON.stringify(kept)));
      notes.set(id, kept);
    },

    async files() {
      const ids = new Set<string>();
      for (const [id, kept] of notes) {
        ids.add(PREFIX + id);
        for (const photo of kept.replaced) ids.add(photo);
        for (const token of uploadsOf(kept)) {
          await uploads.restore(token);
          for (const file of uploads.filesOf(token)) ids.add(file);
        }
      }
      return ids;
    },
  };
}

async function json(vault: PhotoVault, name: string): Promise<unknown> {
  try {
    return JSON.parse((await vault.read(name)).toString('utf8'));
  } catch {
    return null;
  }
}
