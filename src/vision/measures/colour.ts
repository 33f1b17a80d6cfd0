/** Mean CIELAB a* and b* between which skin in white light lies (ISO/IEC 29794-5 natural colour: 5–25 and 5–35). */
const SKIN = { a: { from: 5, to: 25 }, b: { from: 5, to: 35 } } as const;

/** A colour this far outside is not natural at all. */
const FAR = 20;

/**
 * How natural the colour of the face is, 0–1: 1 while its mean CIELAB colour is one skin has in white light, falling
 * with the distance from there. Coloured light and a wrong white balance lower it; a grey picture reads 0.65 or less.
 * (ISO/IEC 29794-5 natural colour.)
 *
 * @param rgb sRGB, 0–1, three values a pixel
 * @returns null when the mask is almost empty
 */
export function naturalColour(rgb: Float32Array, mask: Uint8Array): number | null {
  let red = 0;
  let green = 0;
  let blue = 0;
  let count = 0;
  for (let n = 0; n < mask.length; n++) {
    if (!mask[n]) continue;
    red += linear(rgb[3 * n] ?? 0);
    green += linear(rgb[3 * n + 1] ?? 0);
    blue += linear(rgb[3 * n + 2] ?? 0);
    count++;
  }
  if (count < 100) return null;
  const { a, b } = lab(red / count, green / count, blue / count);
  const distance = Math.hypot(beyond(a, SKIN.a), beyond(b, SKIN.b));
  return Math.max(0, 1 - distance / FAR);
}

/** Linear RGB (sRGB primaries, D65) to the chroma axes of CIELAB (CIE 15, IEC 61966-2-1). */
function lab(red: number, green: number, blue: number): { a: number; b: number } {
  const x = cubeRoot((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = cubeRoot(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = cubeRoot((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return { a: 500 * (x - y), b: 200 * (y - z) };
}

function cubeRoot(t: number): number {
  return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function beyond(value: number, { from, to }: { from: number; to: number }): number {
  return Math.max(0, from - value, value - to);
}
