/** The pixels of a mask that are farther than `radius` (in rows and columns) from its rim. */
export function erode(mask: Uint8Array, size: number, radius: number): Uint8Array {
  return thin(thin(mask, size, radius, 1, size), size, radius, size, 1);
}

function thin(mask: Uint8Array, size: number, radius: number, along: number, across: number): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let line = 0; line < size; line++) {
    let run = 0;
    for (let at = 0; at < size; at++) {
      run = mask[line * across + at * along] ? run + 1 : 0;
      // A pixel keeps its mark when `radius` marked pixels lie on both sides of it.
      if (run > 2 * radius) out[line * across + (at - radius) * along] = 1;
    }
  }
  return out;
}
