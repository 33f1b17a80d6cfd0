import type { CameraChoice } from '../capture/camera.ts';
import type { Translate } from '../i18n/index.ts';

/** Cameras as choices of a list; one without a name gets a number. */
export function cameraChoices(
  cameras: readonly CameraChoice[],
  t: Translate<'capture'> | Translate<'settings'>,
): { value: string; label: string }[] {
  return cameras.map((camera, index) => ({
    value: camera.id,
    label: camera.label || t('capture:cameraNumber', { number: index + 1 }),
  }));
}
