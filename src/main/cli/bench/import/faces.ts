import { createFaceIndex } from '#station/import/face-index';
import { seeded } from '../faults/dice.ts';

/** Time of one question to the index of faces, in milliseconds. */
export interface FacesBench {
  faces: number;
  lookupMs: number;
}

/** Numbers of a face. */
const LENGTH = 128;
/**
 * Two strangers' descriptors are about 0.77 apart: each number is drawn so that the expected squared distance, 2 · 128 · σ², is 0.6. How soon a
 * comparison can be given up depends on it.
 */
const SIGMA = Math.sqrt(0.6 / (2 * LENGTH));
const QUESTIONS = 200;

/** Faces nobody has, compared as an import compares them. */
export function benchFaces(count: number): FacesBench {
  const random = seeded(1);
  // The sum of four uniform numbers is near enough to a normal one: variance 4 · 1/12.
  const normal = () => (random() + random() + random() + random() - 2) * Math.sqrt(3) * SIGMA;
  const face = () => Float32Array.from({ length: LENGTH }, normal);
  const index = createFaceIndex();
  for (let n = 0; n < count; n += 1) index.add(face(), n, `code ${n}`);
  const asked = Array.from({ length: QUESTIONS }, face);
  for (const one of asked.slice(0, 20)) index.nearest(one, '');
  const from = performance.now();
  for (const one of asked) index.nearest(one, '');
  return { faces: count, lookupMs: (performance.now() - from) / QUESTIONS };
}
