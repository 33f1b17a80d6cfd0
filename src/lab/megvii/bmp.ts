import sharp from 'sharp';

const pixelLimit = 50_000_000;

/** Whether the first two bytes are those of a Windows bitmap. */
export function looksLikeBmp(bytes: Buffer): boolean {
  return bytes.length > 54 && bytes.toString('latin1', 0, 2) === 'BM';
}

/** An uncompressed 24- or 32-bit Windows bitmap as PNG, or null for any other or a truncated one; sharp reads no BMP. */
export async function bmpToPng(bytes: Buffer): Promise<Buffer | null> {
  if (!looksLikeBmp(bytes)) return null;
  const start = bytes.readUInt32LE(10);
  const width = bytes.readInt32LE(18);
  const signedHeight = bytes.readInt32LE(22);
  const height = Math.abs(signedHeight);
  const bits = bytes.readUInt16LE(28);
  if (bytes.readUInt32LE(30) !== 0 || (bits !== 24 && bits !== 32)) return null;
  if (width < 1 || height < 1 || width * height > pixelLimit) return null;
  const depth = bits / 8;
  const stride = Math.ceil((width * depth) / 4) * 4;
  if (bytes.length < start + stride * height) return null;

  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const row = start + stride * (signedHeight > 0 ? height - 1 - y : y);
    for (let x = 0; x < width; x += 1) {
      const from = row + x * depth;
      const to = (y * width + x) * 3;
      rgb[to] = bytes[from + 2] ?? 0;
      rgb[to + 1] = bytes[from + 1] ?? 0;
      rgb[to + 2] = bytes[from] ?? 0;
    }
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
