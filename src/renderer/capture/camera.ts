/** Why there is no picture from a camera, as its page explains it. */
export type CameraProblem = 'denied' | 'missing' | 'busy' | 'unplugged' | 'insecure' | 'unknown';

/** Problems that plugging something in can solve: the camera is tried again when the devices change. */
export const SOLVED_BY_PLUGGING: ReadonlySet<CameraProblem> = new Set(['missing', 'unplugged']);

/** The problem behind what `getUserMedia` rejected with (W3C Media Capture and Streams, 10.1.3). */
export function cameraProblem(error: unknown): CameraProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
    case 'DevicesNotFoundError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
    case 'TrackStartError':
      return 'busy';
    default:
      return 'unknown';
  }
}

export interface OpenCamera {
  stream: MediaStream;
  track: MediaStreamTrack;
  /** Device id really in use, which need not be the one asked for. */
  deviceId: string | null;
}

export class CameraError extends Error {
  readonly problem: CameraProblem;
  constructor(problem: CameraProblem) {
    super(problem);
    this.name = 'CameraError';
    this.problem = problem;
  }
}

/**
 * Opens a camera, the wanted one if it is there, else any.
 *
 * @throws {CameraError}
 */
export async function openCamera(deviceId: string | null): Promise<OpenCamera> {
  // Without a secure context there is no `mediaDevices` at all.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices) throw new CameraError('insecure');
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const ask = (exact: string | null) =>
    devices.getUserMedia({ audio: false, video: exact ? { ...size, deviceId: { exact } } : size });
  try {
    return opened(await ask(deviceId));
  } catch (error) {
    if (deviceId === null || cameraProblem(error) !== 'missing') throw new CameraError(cameraProblem(error));
  }
  // The camera of the settings has gone: another one is better than none.
  try {
    return opened(await ask(null));
  } catch (error) {
    throw new CameraError(cameraProblem(error));
  }
}

function opened(stream: MediaStream): OpenCamera {
  const [track] = stream.getVideoTracks();
  if (!track) {
    closeCamera(stream);
    throw new CameraError('missing');
  }
  return { stream, track, deviceId: track.getSettings().deviceId ?? null };
}

/** Stops every track: the camera's light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

export interface CameraChoice {
  id: string;
  /** Empty until a camera has been allowed. */
  label: string;
}

/** The cameras of this computer. Their ids are empty, and they are left out, until one has been allowed. */
export async function listCameras(): Promise<CameraChoice[]> {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices) return [];
  try {
    const all = await devices.enumerateDevices();
    return all
      .filter((device) => device.kind === 'videoinput' && device.deviceId !== '')
      .map((device) => ({ id: device.deviceId, label: device.label }));
  } catch {
    return [];
  }
}
