import type { Box } from '#shared/measures';
import type { Picture } from '../contract.ts';

/** JPEG codes a picture in squares of this side. */
const BLOCK = 8;

/**
 * How much of the fine detail of a region is the coder's and not the face's: of the squared steps between neighbouring
 * pixels, the share by which those across the block grid stick out of those inside the blocks, 0–1.
 *
 * The idea (steps at the block borders against steps inside) is that of Wang, Bovik and Evans, "Blind measurement of
 * blocking artifacts in images" (2000). The grid's position is searched, because a cropped picture's no longer starts at
 * its corner. Only for pictures in their own resolution: shrinking wipes the grid away.
 */
export function blockiness(picture: Picture, region: Box): number {
  const across = sharesOf(steps(picture, region, 1));
  const down = sharesOf(steps(picture, region, picture.width));
  return Math.min(across, down);
}

/** Mean squared step at each of the eight phases of the grid, between a pixel and the next `stride` pixels on. */
function steps({ width, height, data }: Picture, region: Box, stride: number): number[] {
  const left = Math.max(0, Math.round(region.x));
  const top = Math.max(0, Math.round(region.y));
  const right = Math.min(width - 1, Math.round(region.x + region.width));
  const bottom = Math.min(height - 1, Math.round(region.y + region.height));
  const sums = new Array<number>(BLOCK).fill(0);
  const counts = new Array<number>(BLOCK).fill(0);
  const horizontal = stride === 1;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const n = (y * width + x) * 4 + 1;
      // Green stands for luma: it carries most of it, and chroma is coded coarser on a grid of its own.
      const step = (data[n + stride * 4] ?? 0) - (data[n] ?? 0);
      const phase = (horizontal ? x : y) % BLOCK;
      sums[phase] = (sums[phase] ?? 0) + step * step;
      counts[phase] = (counts[phase] ?? 0) + 1;
    }
  }
  return sums.map((sum, phase) => sum / Math.max(1, counts[phase] ?? 0));
}

function sharesOf(energies: readonly number[]): number {
  const grid = Math.max(...energies);
  const inside = (energies.reduce((sum, energy) => sum + energy, 0) - grid) / (BLOCK - 1);
  const excess = grid - inside;
  return excess <= 0 ? 0 : excess / (excess + BLOCK * inside);
}
