import sharp from 'sharp';

const WIDTH = 360;
const HEIGHT = 480;
const QUALITY = 82;
/** A decoder is not asked for more, whatever a platform sends. */
const MAX_PIXELS = 50_000_000;

/**
 * A picture from outside as a screen may show it: decoded and written anew (JPEG, upright, no metadata, at most 360×480), so that nothing of its bytes
 * reaches a page. Null where it does not decode.
 */
export async function smallPicture(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const made = await sharp(bytes, { limitInputPixels: MAX_PIXELS, autoOrient: true })
      .resize({ width: WIDTH, height: HEIGHT, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: QUALITY })
      .toBuffer();
    return new Uint8Array(made);
  } catch {
    return null;
  }
}
