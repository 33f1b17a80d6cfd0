import type { CameraChoice } from '../capture/camera.ts';

/** Cameras as choices of a list; one without a name gets a number. */
export function cameraChoices(
  cameras: readonly CameraChoice[],
  t: (key: 'capture:cameraNumber', values: { number: number }) => string,
): { value: string; label: string }[] {
  return cameras.map((camera, index) => ({
    value: camera.id,
    label: camera.label || t('capture:cameraNumber', { number: index + 1 }),
  }));
}
