/**
 * Codes a picture as most cameras deliver theirs: luma, and colour at half the size (I420; ITU-R BT.601-7 §2.5, limited range).
 *
 * @param rgba of even width and height
 */
export function toI420({
  data,
  width,
  height,
}: {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}): Uint8Array<ArrayBuffer> {
  const pixels = width * height;
  const out = new Uint8Array(pixels * 1.5);
  for (let n = 0; n < pixels; n++) {
    const [red, green, blue] = [data[4 * n] ?? 0, data[4 * n + 1] ?? 0, data[4 * n + 2] ?? 0];
    out[n] = Math.round(16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255);
  }
  const wide = width / 2;
  for (let row = 0; row < height / 2; row++) {
    for (let column = 0; column < wide; column++) {
      const at = 4 * (2 * row * width + 2 * column);
      const mean = (channel: number) => {
        const n = at + channel;
        const below = n + 4 * width;
        return ((data[n] ?? 0) + (data[n + 4] ?? 0) + (data[below] ?? 0) + (data[below + 4] ?? 0)) / 4;
      };
      const [red, green, blue] = [mean(0), mean(1), mean(2)];
      const to = pixels + row * wide + column;
      out[to] = Math.round(128 + (-37.797 * red - 74.203 * green + 112 * blue) / 255);
      out[to + pixels / 4] = Math.round(128 + (112 * red - 93.786 * green - 18.214 * blue) / 255);
    }
  }
  return out;
}
