/** A part of a square picture: rows `top` up to `bottom`, columns `left` up to `right`, the last of each not included. */
export interface Part {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Smooths a `size × size` picture with a Gaussian of σ pixels, cut at 4 σ; the border is repeated.
 *
 * @param part what is wanted of it; the rest of the answer means nothing. All when absent
 * @param out where it is written
 */
export function gaussian(
  values: Float32Array,
  size: number,
  sigma: number,
  part: Part = whole(size),
  out: Float32Array = new Float32Array(values.length),
): Float32Array {
  const kernel = kernelOf(sigma);
  const radius = (kernel.length - 1) / 2;
  const rows = { from: Math.max(0, part.top - radius), to: Math.min(size, part.bottom + radius) };
  const columns = { from: part.left, to: part.right };
  if (level.length < values.length) level = new Float32Array(values.length);
  smooth(values, { size, kernel, along: 1, across: size }, rows, columns, level);
  return smooth(level, { size, kernel, along: size, across: 1 }, columns, { from: part.top, to: part.bottom }, out);
}

/** Smoothed along rows only: of nobody's concern after each call. */
let level = new Float32Array(0);

function whole(size: number): Part {
  return { left: 0, top: 0, right: size, bottom: size };
}

function kernelOf(sigma: number): Float32Array {
  const radius = Math.ceil(4 * sigma);
  const weights = Float32Array.from({ length: 2 * radius + 1 }, (_, n) =>
    Math.exp(-((n - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** In which direction: `along` steps through a line, `across` from line to line. */
interface Direction {
  size: number;
  kernel: Float32Array;
  along: number;
  across: number;
}

interface Range {
  from: number;
  to: number;
}

/** One direction, of some lines a part of each. */
function smooth(
  values: Float32Array,
  { size, kernel, along, across }: Direction,
  lines: Range,
  part: Range,
  out: Float32Array,
): Float32Array {
  const radius = (kernel.length - 1) / 2;
  // Each line is laid out with its ends repeated, so that the inner loop, the costliest of the measures, asks nothing.
  const line = new Float32Array(size + 2 * radius);
  const middle = kernel[radius] as number;
  const from = Math.max(0, part.from - radius);
  const to = Math.min(size, part.to + radius);
  for (let n = lines.from; n < lines.to; n++) {
    const start = n * across;
    for (let at = from; at < to; at++) line[radius + at] = values[start + at * along] as number;
    if (from === 0) line.fill(line[radius] ?? 0, 0, radius);
    if (to === size) line.fill(line[radius + size - 1] ?? 0, radius + size);
    for (let at = part.from; at < part.to; at++) {
      const centre = at + radius;
      let sum = middle * (line[centre] as number);
      // The kernel is the same on both sides.
      for (let tap = 1; tap <= radius; tap++)
        sum += (kernel[radius + tap] as number) * ((line[centre - tap] as number) + (line[centre + tap] as number));
      out[start + at * along] = sum;
    }
  }
  return out;
}
