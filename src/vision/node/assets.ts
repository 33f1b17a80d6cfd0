import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetLoader } from '../contract.ts';

/** Reads the engine's files from a folder. */
export function assetsIn(folder: string): AssetLoader {
  return async (name) => {
    try {
      const file = await readFile(join(folder, name));
      return Uint8Array.from(file).buffer;
    } catch (cause) {
      throw new Error(`The face engine's file ${name} is missing: run npm run -s build`, { cause });
    }
  };
}
