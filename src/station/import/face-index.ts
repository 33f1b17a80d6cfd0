/** Length of a descriptor; the constant of `vision/descriptor.ts`, which cannot be imported without its network. */
const DESCRIPTOR_LENGTH = 128;

/**
 * Faces nearer than this are told as the same person under two codes. Stricter than the 0.6 the network was trained to: with ten thousand
 * people there are fifty million pairs, and strangers come as near as 0.48 among the first few hundred (docs/import.md).
 */
const SAME_FACE = 0.4;

/** A face like the one asked about. */
export interface LikeFace {
  /** What it was added under. */
  owner: number;
  distance: number;
}

/** Faces of an import in numbers, side by side: one scan of typed memory a question. */
export interface FaceIndex {
  /** @param group those of one group (a person's code) are never like each other */
  add(descriptor: Float32Array, owner: number, group: string): void;
  /** The nearest within the limit under another group; null when there is none. @param passOver those that are not meant */
  nearest(
    descriptor: Float32Array,
    group: string,
    passOver?: (face: { owner: number; group: string }) => boolean,
  ): LikeFace | null;
  size(): number;
}

/** Numbers are compared in steps: most faces are far apart after the first few. */
const STEP = 16;

export function createFaceIndex(limit = SAME_FACE): FaceIndex {
  let faces = new Float32Array(256 * DESCRIPTOR_LENGTH);
  const owners: { owner: number; group: string }[] = [];

  return {
    add(descriptor, owner, group) {
      if (descriptor.length !== DESCRIPTOR_LENGTH) throw new RangeError('a descriptor of another length');
      const at = owners.length * DESCRIPTOR_LENGTH;
      if (at === faces.length) {
        const larger = new Float32Array(faces.length * 2);
        larger.set(faces);
        faces = larger;
      }
      faces.set(descriptor, at);
      owners.push({ owner, group });
    },

    nearest(descriptor, group, passOver) {
      let best: LikeFace | null = null;
      let bound = limit * limit;
      for (const [n, { owner, group: other }] of owners.entries()) {
        const squared = squaredDistance(descriptor, faces, n * DESCRIPTOR_LENGTH, bound);
        if (squared >= bound || other === group || passOver?.({ owner, group: other })) continue;
        bound = squared;
        best = { owner, distance: Math.sqrt(squared) };
      }
      return best;
    },

    size: () => owners.length,
  };
}

/** Of a descriptor to the one at `at`; given up where it exceeds `bound`. */
function squaredDistance(descriptor: Float32Array, faces: Float32Array, at: number, bound: number): number {
  let sum = 0;
  for (let n = 0; n < DESCRIPTOR_LENGTH; n += STEP) {
    for (let k = n; k < n + STEP; k += 1) {
      const difference = (descriptor[k] ?? 0) - (faces[at + k] ?? 0);
      sum += difference * difference;
    }
    if (sum >= bound) return sum;
  }
  return sum;
}
