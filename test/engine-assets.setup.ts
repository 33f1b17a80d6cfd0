import { copyEngineAssets } from '../scripts/engine-assets.mjs';

/** The vision tests read the same model files as the station: `out/engine`. */
export default function setup(): Promise<void> | void {
  return copyEngineAssets(process.cwd());
}
