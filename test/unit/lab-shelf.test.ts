import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createShelf } from '#lab/core/shelf';

describe('the lab’s shelf of pictures', () => {
  it('gives each picture back byte for byte, from memory and from its file', () => {
    const shelf = createShelf(1_000);
    const pictures = Array.from({ length: 40 }, (_, n) => randomBytes(n * 37));
    const put = pictures.map((bytes) => shelf.put(bytes));
    for (const n of [39, 0, 17, 5, 38]) expect(put[n]?.bytes.equals(pictures[n] ?? Buffer.alloc(0))).toBe(true);
    shelf.close();
    expect(put[3]?.bytes.equals(pictures[3] ?? Buffer.alloc(0))).toBe(true);
    expect(() => put[39]?.bytes).toThrow();
  });
});
