import { createHash } from 'node:crypto';

/** Pictures remembered at a time, by digest: what is kept is a few numbers each, never the bytes. */
const REMEMBERED = 64;

/**
 * The same work on the same bytes done once: a station shows a platform one picture to be judged, searched and kept, and again when it tries again. Oldest out.
 */
export function byContent<T>(work: (bytes: Buffer) => Promise<T>): (bytes: Buffer) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (bytes) => {
    const digest = createHash('sha256').update(bytes).digest('base64');
    const before = known.get(digest);
    if (before !== undefined) return before;
    const fresh = work(bytes);
    known.set(digest, fresh);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    return fresh;
  };
}
