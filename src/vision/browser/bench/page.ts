import type { CompareTurns } from '../../live-comparison.ts';
import { createLiveInspector, type LiveInspector } from '../live.ts';

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
  for (const [scene, urls] of Object.entries(scenes)) {
    const frames = await Promise.all(urls.map(decode));
    const of = {
      station: { scene, worker: 'station', turns: [] },
      tiny: { scene, worker: 'tiny', turns: [] },
    } satisfies Record<string, CompareTurns>;
    results.push(of.station, of.tiny);
    // The first looks of each are of the scene before, or of a cold cache.
    for (const name of names) await turn(workers[name], frames, frames.length);
    for (let round = 0; round < rounds; round++) {
      for (const name of names) (of[name] as CompareTurns).turns.push(await turn(workers[name], frames, looks));
    }
    for (const frame of frames) frame.close();
  }
  for (const name of names) workers[name].close();
  return { warmUpMs, results };
};

async function turn(worker: LiveInspector, frames: readonly VideoFrame[], looks: number) {
  const start = performance.now();
  let faces = 0;
  for (let n = 0; n < looks; n++) {
    const frame = frames[n % frames.length];
    if (!frame) break;
    faces += (await worker.inspect(frame.clone())).faces.length;
  }
  return { looks, ms: performance.now() - start, faces };
}

async function decode(url: string): Promise<VideoFrame> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the frame ${url} cannot be loaded (${response.status})`);
  const bitmap = await createImageBitmap(await response.blob());
  try {
    return new VideoFrame(bitmap, { timestamp: 0 });
  } finally {
    bitmap.close();
  }
}
