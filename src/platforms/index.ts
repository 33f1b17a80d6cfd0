import type { PlatformDefinition, PlatformKind } from './contract.ts';
import { device } from './device/index.ts';
import { hcp } from './hcp/index.ts';
import { hikconnect } from './hikconnect/index.ts';
import { megvii } from './megvii/index.ts';
import { senselink } from './senselink/index.ts';

/** Every platform there is, by its kind. */
export const PLATFORMS: Record<PlatformKind, PlatformDefinition> = { hcp, device, senselink, megvii, hikconnect };

/** The definition of a kind as a configuration names it; undefined where no platform is called that. */
export function definitions(kind: string): PlatformDefinition | undefined {
  return Object.values(PLATFORMS).find((definition) => definition.kind === kind);
}
