import { z } from 'zod';
import type { SealedItems } from './audit.ts';

const ITEM = 'removals';
const promises = z.array(z.object({ code: z.string(), platform: z.string(), askedAt: z.number() }));

/** A removal that was asked for and is not done yet. */
export type PromisedRemoval = z.infer<typeof promises>[number];

export type Removals = ReturnType<typeof createRemovals>;

/**
 * Removals that were promised: written before a platform is asked, taken out when it answered, so that neither a crash nor a platform out of
 * reach leaves somebody there who was told they are gone. Sealed, for they name codes; belongs in the caller's transaction.
 */
export function createRemovals(items: SealedItems) {
  const all = (): PromisedRemoval[] => promises.safeParse(items.item(ITEM)).data ?? [];
  const write = (kept: PromisedRemoval[], at: number): void => {
    if (kept.length > 0 || items.item(ITEM) !== null) items.setItem(ITEM, kept.length > 0 ? kept : null, at);
  };

  return {
    /** Oldest first; of everybody, or of one code. */
    open: (code?: string): PromisedRemoval[] => all().filter((one) => code === undefined || one.code === code),

    has: (code: string, platform: string): boolean =>
      all().some((one) => one.code === code && one.platform === platform),

    promise(code: string, platforms: readonly string[], at: number): void {
      const before = all();
      const known = new Set(before.filter((one) => one.code === code).map(({ platform }) => platform));
      const added = platforms.filter((platform) => !known.has(platform));
      write([...before, ...added.map((platform) => ({ code, platform, askedAt: at }))], at);
    },

    /** They are done, cannot be, or are not wanted any more: whoever is enrolled again is to stay. */
    drop(code: string, platforms: readonly string[], at: number): void {
      const before = all();
      const kept = before.filter((one) => one.code !== code || !platforms.includes(one.platform));
      if (kept.length < before.length) write(kept, at);
    },
  };
}
