import type { Box, Point } from '#shared/measures';
import { overlap } from '../boxes.ts';

/** Side of the square input that BlazeFace was trained with. */
export const BLAZEFACE_SIZE = 256;

/** Values an anchor predicts: a score, centre x and y, width and height, six key points. */
const STRIDE = 17;

/**
 * What BlazeFace found, in pixels of its own input. Key points: eyes (image-left first), nose tip, mouth, ears.
 * The box runs from the brows to the chin (Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019).
 */
export interface RawFace {
  box: Box;
  score: number;
  points: Point[];
}

/** The network's two grids of anchors on an input of `size` pixels: cells along a side, and anchors in each. */
export function anchorsOf(size: number): readonly { cells: number; each: number }[] {
  return [
    { cells: size / 16, each: 2 },
    { cells: size / 32, each: 6 },
  ];
}

/** Centres of the anchors, cell by cell: 896 on the 256 pixels it was made for. */
export function anchorCentres(size: number = BLAZEFACE_SIZE): Point[] {
  const centres: Point[] = [];
  for (const { cells, each } of anchorsOf(size)) {
    const step = size / cells;
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        for (let n = 0; n < each; n++) centres.push({ x: (column + 0.5) * step, y: (row + 0.5) * step });
      }
    }
  }
  return centres;
}

/**
 * Decodes the network's output (anchors × 17) into faces of at least `minScore`.
 * Boxes that overlap are one face, blended by their scores as the paper has it: it halves the jitter from frame to frame.
 */
export function decodeFaces(
  output: Float32Array,
  anchors: readonly Point[],
  minScore: number,
  maxOverlap = 0.3,
): RawFace[] {
  const candidates: RawFace[] = [];
  anchors.forEach((anchor, index) => {
    const at = index * STRIDE;
    const score = 1 / (1 + Math.exp(-value(output, at)));
    if (score < minScore) return;
    const width = value(output, at + 3);
    const height = value(output, at + 4);
    const points: Point[] = [];
    for (let n = 0; n < 6; n++) {
      points.push({ x: anchor.x + value(output, at + 5 + 2 * n), y: anchor.y + value(output, at + 6 + 2 * n) });
    }
    const x = anchor.x + value(output, at + 1) - width / 2;
    const y = anchor.y + value(output, at + 2) - height / 2;
    candidates.push({ box: { x, y, width, height }, score, points });
  });
  candidates.sort((a, b) => b.score - a.score);
  const faces: RawFace[] = [];
  let rest = candidates;
  for (let best = rest[0]; best; best = rest[0]) {
    const { box } = best;
    const same = rest.filter((other) => overlap(box, other.box) > maxOverlap);
    faces.push(blend(same, best.score));
    rest = rest.filter((other) => other !== best && !same.includes(other));
  }
  return faces;
}

function blend(faces: readonly RawFace[], score: number): RawFace {
  let total = 0;
  const box: Box = { x: 0, y: 0, width: 0, height: 0 };
  const points = Array.from({ length: 6 }, () => ({ x: 0, y: 0 }));
  for (const face of faces) {
    total += face.score;
    box.x += face.box.x * face.score;
    box.y += face.box.y * face.score;
    box.width += face.box.width * face.score;
    box.height += face.box.height * face.score;
    points.forEach((point, n) => {
      point.x += (face.points[n]?.x ?? 0) * face.score;
      point.y += (face.points[n]?.y ?? 0) * face.score;
    });
  }
  return {
    box: { x: box.x / total, y: box.y / total, width: box.width / total, height: box.height / total },
    score,
    points: points.map(({ x, y }) => ({ x: x / total, y: y / total })),
  };
}

function value(output: Float32Array, index: number): number {
  return output[index] ?? 0;
}
