import { describe, expect, it } from 'vitest';
import { fourier } from '#vision/pixels/fourier';

/** The sum as it is written down. */
function slowly(real: Float64Array, imaginary: Float64Array): [number[], number[]] {
  const at = (k: number, part: (value: number, other: number, angle: number) => number) =>
    real.reduce((sum, value, n) => sum + part(value, imaginary[n] ?? 0, (-2 * Math.PI * k * n) / real.length), 0);
  const all = (part: Parameters<typeof at>[1]) => Array.from(real, (_, k) => at(k, part));
  return [
    all((a, b, angle) => a * Math.cos(angle) - b * Math.sin(angle)),
    all((a, b, angle) => a * Math.sin(angle) + b * Math.cos(angle)),
  ];
}

describe('the Fourier transform', () => {
  it.each([1, 2, 8, 128])('of %i values is the sum it stands for', (length) => {
    const real = Float64Array.from({ length }, (_, n) => Math.sin(n * 1.7) + n / length);
    const imaginary = Float64Array.from({ length }, (_, n) => Math.cos(n * 0.9));
    const [a, b] = slowly(real, imaginary);
    fourier(length)(real, imaginary);
    for (let k = 0; k < length; k++) {
      expect(real[k]).toBeCloseTo(a[k] ?? Number.NaN, 9);
      expect(imaginary[k]).toBeCloseTo(b[k] ?? Number.NaN, 9);
    }
  });

  it('takes powers of two alone', () => {
    expect(() => fourier(96)).toThrow(RangeError);
  });
});
