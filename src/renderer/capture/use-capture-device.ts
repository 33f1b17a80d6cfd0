import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useEngine } from '../stores/engine.ts';
import { useStation } from '../stores/station.ts';
import type { CameraProblem } from './camera.ts';
import { useCamera } from './use-camera.ts';

/** Why no picture can be taken here: the camera, the live check, or a frame that could not be made a picture. */
export type CaptureTrouble = CameraProblem | 'engine' | 'frames';

/** The camera of the settings and the live check together, and what is wrong with either. */
export function useCaptureDevice() {
  const cameraId = useStation((state) => state.settings.cameraId);
  const { state, cameras, retry } = useCamera(cameraId);
  const { engine, warm } = useEngine(useShallow(({ status, warm }) => ({ engine: status, warm })));
  const [noFrame, setNoFrame] = useState(false);

  useEffect(() => {
    // An engine that failed while the first screen was shown gets another chance; one that runs is left alone.
    warm();
  }, [warm]);

  const trouble: CaptureTrouble | null =
    state.status === 'problem' ? state.problem : engine === 'failed' ? 'engine' : noFrame ? 'frames' : null;
  return {
    state,
    cameras,
    trouble,
    failed: () => setNoFrame(true),
    again: () => {
      setNoFrame(false);
      warm();
      retry();
    },
  };
}
