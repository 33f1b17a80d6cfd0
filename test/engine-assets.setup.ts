import { copyEngineAssets } from '../scripts/engine-assets.mjs';

/** The vision tests read the same model files as the station: `out/engine`. */
export default async function setup(): Promise<void> {
  await copyEngineAssets(process.cwd());
}
