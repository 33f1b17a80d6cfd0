import { randomUUID } from 'node:crypto';
import type { PresenceRecord } from '#shared/calls/presence';
import { FaultError } from '#shared/fault';
import type { Master } from './imaging/master.ts';

/** A photo and what is kept with it. */
export interface TakenPhoto {
  master: Master;
  presence: PresenceRecord;
}

/** Accepted photos between the camera and the enrolment: in memory alone, few, and not for long. */
export interface PhotoTokens {
  /** Keeps a photo; its token. */
  keep(photo: TakenPhoto): string;
  /**
   * Takes a photo out, so that nobody else can use or wipe it meanwhile. Throws FaultError `validation`, field `photo`, when the
   * token is not, or no longer, good.
   */
  take(token: string): TakenPhoto;
  /** Keeps a photo that was taken out and not used after all, under its token. */
  putBack(token: string, photo: TakenPhoto): void;
  /** Forgets a photo and wipes its bytes. An unknown token is fine. */
  discard(token: string): void;
  clear(): void;
}

export const TOKENS = { count: 16, ageMs: 30 * 60_000 } as const;

export function createPhotoTokens(now: () => number): PhotoTokens {
  // A Map keeps the order of insertion: the first is the oldest.
  const kept = new Map<string, { photo: TakenPhoto; at: number }>();

  const discard = (token: string): void => {
    kept.get(token)?.photo.master.bytes.fill(0);
    kept.delete(token);
  };

  const expire = (): void => {
    for (const [token, { at }] of kept) if (now() - at > TOKENS.ageMs) discard(token);
  };

  return {
    keep(photo) {
      expire();
      for (const token of [...kept.keys()].slice(0, Math.max(0, kept.size - TOKENS.count + 1))) discard(token);
      const token = randomUUID();
      kept.set(token, { photo, at: now() });
      return token;
    },
    putBack: (token, photo) => void kept.set(token, { photo, at: now() }),
    take(token) {
      expire();
      const found = kept.get(token);
      kept.delete(token);
      if (found !== undefined) return found.photo;
      throw new FaultError({
        kind: 'validation',
        code: 'photo-gone',
        field: 'photo',
        message: 'this photo is no longer at hand: take it again',
      });
    },
    discard,
    clear() {
      for (const token of [...kept.keys()]) discard(token);
    },
  };
}
