/**
 * The way skin changes its chromaticity (red up, blue down): shade and blood make it redder, a highlight takes the light's own colour.
 * Across that line skin of one person in one light hardly differs.
 */
const SKIN_LINE = { red: 0.8, blue: -0.6 } as const;

/** How far along the line a chromaticity (or a difference of two) lies: redder is more. */
export function alongSkin(red: number, blue: number): number {
  return SKIN_LINE.red * red + SKIN_LINE.blue * blue;
}

/** How far off the line it lies. */
export function acrossSkin(red: number, blue: number): number {
  return SKIN_LINE.red * blue - SKIN_LINE.blue * red;
}
