import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';

/** What stands before the camera: a person as asked for, one who stands half outside, one on their side, nobody. */
export const SCENES = ['person', 'cut', 'turned', 'nobody'] as const;
export type SceneName = (typeof SCENES)[number];

/** The size the station asks its camera for. */
const WIDTH = 1280;
const HEIGHT = 720;

/** A person breathes: where the frame lies in a slightly larger picture, frame by frame. */
const BREATH = [0, 1, 2, 3, 4, 4, 3, 2, 1, 0];

/** The frames of every scene as JPEG, of one portrait before a wall of its own colours. */
export async function filmScenes(portrait: Uint8Array): Promise<Record<SceneName, Buffer[]>> {
  const size = { width: WIDTH + 8, height: HEIGHT + 6 };
  const person = await sharp(portrait).rotate().resize({ height: size.height }).png().toBuffer();
  const wall = await sharp(person)
    .resize({ ...size, fit: 'fill' })
    .blur({ sigma: 60 })
    .png()
    .toBuffer();
  const lying = await sharp(person)
    .rotate(90)
    .resize({ height: HEIGHT - 60 })
    .png()
    .toBuffer();
  const { width: wide = 0 } = await sharp(person).metadata();
  const half = { left: 0, top: 0, width: Math.floor(wide / 2), height: size.height };
  const before = async (input: Buffer, left?: number) =>
    sharp(wall)
      .composite([{ input, ...(left === undefined ? {} : { left, top: 0 }) }])
      .png()
      .toBuffer();
  const right = await sharp(person)
    .extract({ ...half, left: wide - half.width })
    .png()
    .toBuffer();
  return {
    person: await breathing(await before(person)),
    cut: await breathing(await before(right, 0)),
    turned: await breathing(await before(lying)),
    nobody: await breathing(wall),
  };
}

async function breathing(wide: Buffer): Promise<Buffer[]> {
  return Promise.all(
    BREATH.map((step) =>
      sharp(wide)
        .extract({ left: step, top: Math.min(step, 3), width: WIDTH, height: HEIGHT })
        .jpeg({ quality: 88 })
        .toBuffer(),
    ),
  );
}

/** What the camera of the live check shows, again and again: frames of each scene at 30 a second. */
const PLAY: readonly (readonly [SceneName, number])[] = [
  ['person', 240],
  ['cut', 45],
  ['person', 60],
  ['turned', 45],
  ['nobody', 60],
];

/** Writes a film for Chromium's `--use-file-for-fake-video-capture`: motion JPEG, one picture after the other. */
export async function writeLiveFilm(file: string, scenes: Record<SceneName, readonly Buffer[]>): Promise<void> {
  const frames = PLAY.flatMap(([name, count]) =>
    Array.from({ length: count }, (_, n) => scenes[name][n % scenes[name].length] ?? Buffer.alloc(0)),
  );
  await writeFile(file, Buffer.concat(frames));
}
