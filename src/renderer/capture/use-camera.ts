import { useCallback, useEffect, useState } from 'react';
import {
  type CameraChoice,
  CameraError,
  type CameraProblem,
  closeCamera,
  listCameras,
  type OpenCamera,
  openCamera,
  SOLVED_BY_PLUGGING,
} from './camera.ts';

export type CameraState =
  /** `attempt` counts the tries of this page, so that each is a state of its own. */
  | { status: 'opening'; attempt: number }
  | { status: 'live'; camera: OpenCamera }
  | { status: 'problem'; problem: CameraProblem };

/** The camera for as long as the component is on the screen. It is closed when the component goes. */
export function useCamera(deviceId: string | null): {
  state: CameraState;
  cameras: CameraChoice[];
  retry(): void;
} {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<CameraState>({ status: 'opening', attempt });
  const { cameras, refresh } = useCameras();
  const retry = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    let gone = false;
    let mine: OpenCamera | null = null;
    const lost = () => {
      if (!gone) setState({ status: 'problem', problem: 'unplugged' });
    };
    setState({ status: 'opening', attempt });
    openCamera(deviceId).then(
      (camera) => {
        if (gone) return closeCamera(camera.stream);
        mine = camera;
        camera.track.addEventListener('ended', lost);
        setState({ status: 'live', camera });
        // Labels and ids appear only once a camera has been allowed.
        refresh();
      },
      (error: unknown) => {
        if (gone) return;
        setState({ status: 'problem', problem: error instanceof CameraError ? error.problem : 'unknown' });
      },
    );
    return () => {
      gone = true;
      mine?.track.removeEventListener('ended', lost);
      if (mine) closeCamera(mine.stream);
    };
  }, [deviceId, attempt, refresh]);

  const pluggable = state.status === 'problem' && SOLVED_BY_PLUGGING.has(state.problem);
  useEffect(() => (pluggable ? onDeviceChange(retry) : undefined), [pluggable, retry]);

  return { state, cameras, retry };
}

/** The cameras there are, kept up to date. */
export function useCameras(): { cameras: CameraChoice[]; refresh(): void } {
  const [cameras, setCameras] = useState<CameraChoice[]>([]);
  const refresh = useCallback(() => {
    listCameras().then(setCameras, () => undefined);
  }, []);
  useEffect(() => {
    refresh();
    return onDeviceChange(refresh);
  }, [refresh]);
  return { cameras, refresh };
}

function onDeviceChange(listener: () => void): () => void {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  devices?.addEventListener('devicechange', listener);
  return () => devices?.removeEventListener('devicechange', listener);
}
