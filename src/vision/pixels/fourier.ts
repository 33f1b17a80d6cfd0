/**
 * The discrete Fourier transform of `length` complex values, in place: X[k] = Σ x[n] · e^(−2πi·k·n / length). By halves (Cooley and Tukey, "An
 * Algorithm for the Machine Calculation of Complex Fourier Series", 1965).
 *
 * @param length a power of two
 * @throws RangeError when it is none
 */
export function fourier(length: number): (real: Float64Array, imaginary: Float64Array) => void {
  const bits = Math.log2(length);
  if (!Number.isInteger(bits)) throw new RangeError(`${length} is no power of two`);
  const angles = Array.from({ length: length / 2 }, (_, n) => (-2 * Math.PI * n) / length);
  const cos = Float64Array.from(angles, Math.cos);
  const sin = Float64Array.from(angles, Math.sin);
  const swaps: [number, number][] = [];
  for (let n = 0; n < length; n++) {
    let mirrored = 0;
    for (let bit = 0; bit < bits; bit++) mirrored |= ((n >> bit) & 1) << (bits - 1 - bit);
    if (n < mirrored) swaps.push([n, mirrored]);
  }

  return (real, imaginary) => {
    for (const [a, b] of swaps) {
      swap(real, a, b);
      swap(imaginary, a, b);
    }
    for (let half = 1; half < length; half *= 2) {
      const turn = length / (2 * half);
      for (let start = 0; start < length; start += 2 * half) {
        for (let n = start, at = 0; n < start + half; n++, at += turn) {
          const c = cos[at] as number;
          const s = sin[at] as number;
          const x = real[n + half] as number;
          const y = imaginary[n + half] as number;
          const u = x * c - y * s;
          const v = x * s + y * c;
          const p = real[n] as number;
          const q = imaginary[n] as number;
          real[n + half] = p - u;
          imaginary[n + half] = q - v;
          real[n] = p + u;
          imaginary[n] = q + v;
        }
      }
    }
  };
}

function swap(values: Float64Array, a: number, b: number): void {
  const held = values[a] as number;
  values[a] = values[b] as number;
  values[b] = held;
}
