import { z } from 'zod';
import type { Gate } from '../outbox/policy.ts';
import type { SealedItems } from './audit.ts';

const published = z
  .object({ owner: z.string(), failures: z.number().int(), since: z.number(), until: z.number() })
  .nullable();

const itemOf = (platform: string) => `gate:${platform}`;

export type Gates = ReturnType<typeof createGates>;

/**
 * Which platforms a process leaves alone, written where the others can show it: the desk's circuit is in the command line's list too.
 * Only told, never obeyed: each process decides by what it met itself.
 */
export function createGates(items: SealedItems) {
  return {
    /** Null: the platform answers again. */
    publish(platform: string, owner: string, gate: Gate | null, at: number): void {
      if (gate === null && items.item(itemOf(platform)) === null) return;
      items.setItem(itemOf(platform), gate === null ? null : { owner, ...gate }, at);
    },

    /** What the last process to say so said of a platform; null when it answers, or nobody said anything. */
    told(platform: string): (Gate & { owner: string }) | null {
      const found = published.safeParse(items.item(itemOf(platform)));
      return found.success ? found.data : null;
    },
  };
}
