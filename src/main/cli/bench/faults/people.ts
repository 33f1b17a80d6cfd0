import sharp from 'sharp';
import type { Recruit } from './campaign.ts';

/** Somebody all five simulated platforms take. */
export function personOf({ code, number }: Pick<Recruit, 'code' | 'number'>) {
  return {
    kind: 'staff' as const,
    code,
    name: { family: 'Bench', given: `Person ${number}` },
    gender: 'female' as const,
    phone: String(60_120_000_000 + number),
  };
}

/** Everybody's own picture, for platforms refuse one they have already: the portrait, or its mirror image, with a little noise. */
export async function portraitFor(
  photo: Uint8Array,
  { portrait }: Pick<Recruit, 'portrait'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = await sharp(photo).metadata();
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 6 };
  const grain = await sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = sharp(photo)
    .flop(portrait === 1)
    .composite([{ input: grain.data, raw: grain.info, blend: 'soft-light' }]);
  return new Uint8Array(await picture.jpeg({ quality: 92 }).toBuffer());
}
