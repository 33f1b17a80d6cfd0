import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  CameraError,
  cameraProblem,
  closeCamera,
  listCameras,
  openCamera,
} from '../../../src/renderer/capture/camera.ts';

const named = (name: string) => new DOMException('', name);

function stream(deviceId: string, tracks = 1) {
  const stop = vi.fn();
  const all = Array.from({ length: tracks }, () => ({ stop, getSettings: () => ({ deviceId }) }));
  return { stop, getVideoTracks: () => all, getTracks: () => all } as unknown as MediaStream & { stop: typeof stop };
}

function devices(getUserMedia: (constraints: MediaStreamConstraints) => Promise<MediaStream>, list: unknown[] = []) {
  const spy = vi.fn(getUserMedia);
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: spy, enumerateDevices: async () => list } });
  return spy;
}

afterEach(() => vi.unstubAllGlobals());

describe('cameraProblem', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['InvalidStateError', 'unknown'],
  ])('%s is %s', (name, problem) => {
    expect(cameraProblem(named(name))).toBe(problem);
  });
  it('does not trust what is no error', () => {
    expect(cameraProblem('NotAllowedError')).toBe('unknown');
  });
});

describe('openCamera', () => {
  it('asks for video alone', async () => {
    const ask = devices(async () => stream('a'));
    expect((await openCamera(null)).deviceId).toBe('a');
    expect(ask.mock.calls[0]?.[0]).toMatchObject({ audio: false, video: { width: { ideal: 1280 } } });
  });

  it('takes another camera when the chosen one has gone', async () => {
    const ask = devices(async ({ video }) => {
      if (typeof video === 'object' && video.deviceId) throw named('OverconstrainedError');
      return stream('other');
    });
    expect((await openCamera('gone')).deviceId).toBe('other');
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('does not ask twice when the answer is no', async () => {
    const ask = devices(async () => Promise.reject(named('NotAllowedError')));
    await expect(openCamera('a')).rejects.toMatchObject({ problem: 'denied' });
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('says that the page is not secure where there are no devices at all', async () => {
    vi.stubGlobal('navigator', {});
    await expect(openCamera(null)).rejects.toBeInstanceOf(CameraError);
    await expect(openCamera(null)).rejects.toMatchObject({ problem: 'insecure' });
    expect(await listCameras()).toEqual([]);
  });

  it('closes every track', () => {
    const open = stream('a', 2);
    closeCamera(open);
    expect(open.stop).toHaveBeenCalledTimes(2);
  });
});

describe('listCameras', () => {
  it('lists cameras alone, and none that have no id yet', async () => {
    devices(
      async () => stream('a'),
      [
        { kind: 'videoinput', deviceId: 'a', label: 'Front' },
        { kind: 'videoinput', deviceId: '', label: '' },
        { kind: 'audioinput', deviceId: 'm', label: 'Mic' },
      ],
    );
    expect(await listCameras()).toEqual([{ id: 'a', label: 'Front' }]);
  });
});
