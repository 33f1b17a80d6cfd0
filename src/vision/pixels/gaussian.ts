/** Smooths a `size × size` picture with a Gaussian of σ pixels, cut at 4 σ; the border is repeated. */
export function gaussian(values: Float32Array, size: number, sigma: number): Float32Array {
  const kernel = kernelOf(sigma);
  return smooth(smooth(values, size, kernel, 1, size), size, kernel, size, 1);
}

function kernelOf(sigma: number): number[] {
  const radius = Math.ceil(4 * sigma);
  const weights: number[] = [];
  for (let n = -radius; n <= radius; n++) weights.push(Math.exp(-(n * n) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** One direction: `along` steps through a line, `across` from line to line. */
function smooth(
  values: Float32Array,
  size: number,
  kernel: readonly number[],
  along: number,
  across: number,
): Float32Array {
  const out = new Float32Array(values.length);
  const radius = (kernel.length - 1) / 2;
  for (let line = 0; line < size; line++) {
    const start = line * across;
    for (let at = 0; at < size; at++) {
      let sum = 0;
      for (let tap = -radius; tap <= radius; tap++) {
        const from = Math.min(size - 1, Math.max(0, at + tap));
        sum += (kernel[tap + radius] ?? 0) * (values[start + from * along] ?? 0);
      }
      out[start + at * along] = sum;
    }
  }
  return out;
}
