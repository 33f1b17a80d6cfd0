/** Smooths a `size × size` picture with a Gaussian of σ pixels, cut at 4 σ; the border is repeated. */
export function gaussian(values: Float32Array, size: number, sigma: number): Float32Array {
  const kernel = kernelOf(sigma);
  return smooth(smooth(values, size, kernel, 1, size), size, kernel, size, 1);
}

function kernelOf(sigma: number): Float32Array {
  const radius = Math.ceil(4 * sigma);
  const weights = Float32Array.from({ length: 2 * radius + 1 }, (_, n) =>
    Math.exp(-((n - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** One direction: `along` steps through a line, `across` from line to line. */
function smooth(values: Float32Array, size: number, kernel: Float32Array, along: number, across: number): Float32Array {
  const out = new Float32Array(values.length);
  const radius = (kernel.length - 1) / 2;
  // Each line is laid out with its ends repeated, so that the inner loop, the costliest of the measures, asks nothing.
  const line = new Float32Array(size + 2 * radius);
  const middle = kernel[radius] as number;
  for (let n = 0; n < size; n++) {
    const start = n * across;
    for (let at = 0; at < size; at++) line[radius + at] = values[start + at * along] as number;
    line.fill(line[radius] ?? 0, 0, radius);
    line.fill(line[radius + size - 1] ?? 0, radius + size);
    for (let at = 0; at < size; at++) {
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
