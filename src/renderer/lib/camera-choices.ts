import type { TFunction } from 'i18next';
import type { CameraChoice } from '../capture/camera.ts';

/** Cameras as choices of a list; one without a name gets a number. */
export function cameraChoices(
  cameras: readonly CameraChoice[],
  t: TFunction<['capture']> | TFunction<['settings', 'common', 'capture']>,
): { value: string; label: string }[] {
  return cameras.map((camera, index) => ({
    value: camera.id,
    label: camera.label || (t as TFunction<['capture']>)('capture:cameraNumber', { number: index + 1 }),
  }));
}
