import type { LiveFace } from '#shared/measures';
import type { Picture } from './contract.ts';
import type { ConfirmedFace } from './faces.ts';
import { eyeCentres, interEyeDistance } from './measures/geometry.ts';
import { cutOut } from './pixels/warp.ts';

/** The look is taken on a square of this many inter-eye distances, from the brows to the chin. */
const SIDE = 2;
const DROP = 0.45;

/** Cells of the look, and samples of each cell, to a side. */
const CELLS = 16;
const SAMPLES = 3;

/** What the presence check wants of a face: its points, and its light and dark in a few cells, free of brightness and contrast. */
export function liveFace(picture: Picture, { shape }: ConfirmedFace): LiveFace {
  const { scale } = picture;
  const { left, right } = eyeCentres(shape);
  const ied = interEyeDistance({ left, right });
  const angle = Math.atan2(right.y - left.y, right.x - left.x);
  const region = {
    centre: {
      x: (left.x + right.x) / 2 - Math.sin(angle) * DROP * ied,
      y: (left.y + right.y) / 2 + Math.cos(angle) * DROP * ied,
    },
    side: SIDE * ied,
    roll: (angle * 180) / Math.PI,
  };
  const size = CELLS * SAMPLES;
  const pixels = cutOut(picture, region, size, 1, 0);
  const cells = new Array<number>(CELLS * CELLS).fill(0);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = (y * size + x) * 3;
      const luma = 0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0);
      const cell = Math.floor(y / SAMPLES) * CELLS + Math.floor(x / SAMPLES);
      cells[cell] = (cells[cell] ?? 0) + luma;
    }
  }
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const length = Math.sqrt(cells.reduce((sum, value) => sum + (value - mean) ** 2, 0)) || 1;
  return {
    landmarks: shape.landmarks.map(({ x, y }) => ({ x: x * scale, y: y * scale })),
    look: cells.map((value) => (value - mean) / length),
  };
}
