import sharp from 'sharp';

const modules = 25;

/**
 * A picture standing for a pass code: a GIF in a data URI that calls it a PNG, as the sample of 人员管理 1.10.5 does. It shows the token's bits as squares; no reader decodes it, for
 * the document does not say what a box's code holds.
 * @param token hexadecimal digits.
 */
export async function qrPicture(token: string): Promise<string> {
  const pixels = Buffer.alloc(modules * modules, 255);
  const bits = [...token].flatMap((digit) => [8, 4, 2, 1].map((bit) => (Number.parseInt(digit, 16) & bit) !== 0));
  for (let at = 0; at < pixels.length; at += 1) if (bits[at % bits.length] === true) pixels[at] = 0;
  const gif = await sharp(pixels, { raw: { width: modules, height: modules, channels: 1 } })
    .resize(200, 200, { kernel: 'nearest' })
    .gif()
    .toBuffer();
  return `data:image/png;base64,${gif.toString('base64')}`;
}
