import { access, constants, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { UsageError } from '../output.ts';

/** The demo pictures of the face-api.js package: groups of real people, at hand wherever the station was installed with npm. */
function demoFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('face-api.js/package.json')), 'demo');
}

/** Pictures to measure speed on: the folder's, or the demo's. UsageError when there is none. */
export async function picturesOf(folder: string | undefined): Promise<string[]> {
  return picturesIn(folder ?? demoFolder());
}

/** The pictures of a folder. UsageError when there is none. */
export async function picturesIn(from: string): Promise<string[]> {
  return listed(from, false);
}

async function listed(from: string, recursive: boolean): Promise<string[]> {
  const names = await readdir(from, { recursive }).catch((error: unknown) => {
    throw new UsageError(`cannot read the folder ${from}: ${error instanceof Error ? error.message : error}`);
  });
  const files = names.filter((name) => /\.(jpe?g|png)$/i.test(name)).map((name) => join(from, name));
  if (files.length === 0) throw new UsageError(`there are no pictures in ${from}`);
  return files;
}

/** The pictures of a folder and the folders in it, in the order of their names; else the demo's. UsageError when there is none. */
export async function picturesUnder(folder: string | undefined): Promise<string[]> {
  return (await listed(folder ?? demoFolder(), true)).sort();
}

/** The folder of labelled pictures, named as an argument or as `--faces`. UsageError when neither or both name one, or it has no labels. */
export async function folderOf(argument: string | undefined, option: string | undefined): Promise<string> {
  const folder = option ?? argument;
  if (folder === undefined) throw new UsageError('name the folder of the labelled pictures: --faces DIR');
  if (argument !== undefined && option !== undefined && argument !== option) {
    throw new UsageError(`one folder is judged at a time: ${argument} or ${option}`);
  }
  await access(join(folder, 'labels.csv'), constants.R_OK).catch(() => {
    throw new UsageError(`there is no labels.csv in ${folder} that can be read`);
  });
  return folder;
}

/** One good portrait: the given file, or a face cut out of a demo picture and enlarged. */
export async function portraitOf(file: string | undefined): Promise<Buffer> {
  if (file !== undefined) return readFile(file);
  return sharp(join(demoFolder(), 'sample6.jpg'))
    .extract({ left: 159, top: 347, width: 420, height: 560 })
    .resize(960, 1280)
    .jpeg({ quality: 92 })
    .toBuffer();
}
