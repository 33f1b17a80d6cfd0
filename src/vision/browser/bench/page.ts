import type { CompareTurns } from '../../live-comparison.ts';
import type { LookWish } from '../../track.ts';
import { createLiveInspector, type LiveInspector } from '../live.ts';
import { toI420 } from './i420.ts';

/** Looks at the same decoded frames with the station's live worker and with the one it is compared with, by turns. */
globalThis.vestibuleCompare = async ({ assetsUrl, workerUrl, scenes, rounds, looks }) => {
  const warmUpMs = { station: 0, tiny: 0 };
  const workers = {
    station: createLiveInspector({ assetsUrl, spawn: () => new Worker(workerUrl, { type: 'module' }) }),
    tiny: createLiveInspector({
      assetsUrl,
      spawn: () => new Worker(new URL('./tiny.worker.ts', import.meta.url), { type: 'module' }),
    }),
  };
  const names = ['station', 'tiny'] as const;
  for (const name of names) warmUpMs[name] = (await workers[name].ready).warmUpMs;
  const results: CompareTurns[] = [];
  for (const [scene, { urls, presence }] of Object.entries(scenes)) {
    const frames = await Promise.all(urls.map(decode));
    const of = {
      station: { scene, worker: 'station', turns: [] },
      tiny: { scene, worker: 'tiny', turns: [] },
    } satisfies Record<string, CompareTurns>;
    results.push(of.station, of.tiny);
    // The first looks of each are of the scene before, or of a cold cache.
    for (const name of names) await turn(workers[name], frames, frames.length, { presence });
    for (let round = 0; round < rounds; round++) {
      for (const name of names)
        (of[name] as CompareTurns).turns.push(await turn(workers[name], frames, looks, { presence }));
    }
    for (const frame of frames) frame.close();
  }
  for (const name of names) workers[name].close();
  return { warmUpMs, results };
};

async function turn(worker: LiveInspector, frames: readonly VideoFrame[], looks: number, wish: LookWish) {
  const start = performance.now();
  let faces = 0;
  for (let n = 0; n < looks; n++) {
    const frame = frames[n % frames.length];
    if (!frame) break;
    faces += (await worker.inspect(frame.clone(), wish)).faces.length;
  }
  return { looks, ms: performance.now() - start, faces };
}

/** A frame coded as a camera's: what workers are given in life is never RGB. */
async function decode(url: string): Promise<VideoFrame> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the frame ${url} cannot be loaded (${response.status})`);
  const bitmap = await createImageBitmap(await response.blob());
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser cannot read pixels');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return new VideoFrame(toI420(context.getImageData(0, 0, width, height)), {
    format: 'I420',
    codedWidth: width,
    codedHeight: height,
    timestamp: 0,
    colorSpace: { matrix: 'smpte170m', fullRange: false, primaries: 'bt709', transfer: 'iec61966-2-1' },
  });
}
