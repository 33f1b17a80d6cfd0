import sharp from 'sharp';
import type { Inspection } from '#shared/measures';

const SIDE = 160;
const MAX_PIXELS = 100_000_000;

/** A small upright JPEG of a photo with the faces that were found marked; null when it does not decode. */
export async function makeThumbnail(
  bytes: Uint8Array,
  inspection: Pick<Inspection, 'faces' | 'width' | 'height'> | null,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS, autoOrient: true, failOn: 'none' })
      .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .png({ compressionLevel: 1 })
      .toBuffer({ resolveWithObject: true });
    const marked = inspection === null ? sharp(data) : sharp(data).composite([{ input: boxes(inspection, info) }]);
    return new Uint8Array(await marked.jpeg({ quality: 72 }).toBuffer());
  } catch {
    return null;
  }
}

function boxes({ faces, width }: Pick<Inspection, 'faces' | 'width'>, size: { width: number; height: number }): Buffer {
  const scale = size.width / width;
  const marks = faces.map(({ box }) => {
    const [x, y, w, h] = [box.x, box.y, box.width, box.height].map((value) => (value * scale).toFixed(1));
    return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="#ffffff" stroke-width="3"/><rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="#1f6feb" stroke-width="1.5"/>`;
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${marks.join('')}</svg>`,
  );
}
