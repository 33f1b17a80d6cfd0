import type { AssetLoader } from '../contract.ts';

/** Reads the engine's files from the page's own origin. `assetsUrl` ends in a slash. Rejects with the file's name. */
export function fromOrigin(assetsUrl: string): AssetLoader {
  return async (name) => {
    const response = await fetch(new URL(name, assetsUrl));
    if (!response.ok) throw new Error(`the face engine's file ${name} cannot be loaded (${response.status})`);
    return response.arrayBuffer();
  };
}
