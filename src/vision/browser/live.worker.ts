import type { Box } from '#shared/measures';
import type { AssetLoader, Picture } from '../contract.ts';
import { createHumanEngine } from '../engines/human.ts';
import { startTensorflow } from '../engines/tensorflow.ts';
import { createTracker, type Tracker } from '../track.ts';
import type { LiveOrder, LiveReady, LiveReport } from './messages.ts';

/** The module worker behind `live.ts`: it owns the engine, so that no look at a frame ever blocks the page. */

/** The longer side a frame is looked at with. */
const LOOK_SIZE = 640;

let tracker: Tracker | null = null;
const whole = createDesk();
const part = createDesk();

self.addEventListener('message', ({ data }: MessageEvent<LiveOrder>) => {
  if (data.type === 'start') {
    start(data.assetsUrl).then(
      (ready) => report({ type: 'ready', ready }),
      (error) => report({ type: 'broken', message: messageOf(error) }),
    );
  } else {
    look(data.frame).then(
      (inspection) => report({ type: 'done', id: data.id, inspection }),
      (error) => report({ type: 'failed', id: data.id, message: messageOf(error) }),
    );
  }
});

async function start(assetsUrl: string): Promise<LiveReady> {
  const began = performance.now();
  const load = fromOrigin(assetsUrl);
  const backend = await startTensorflow(load);
  const engine = await createHumanEngine(load);
  // The first run of each network compiles and allocates, which takes several times as long as the next: it is done
  // before the camera opens.
  const size = { width: 64, height: 64 };
  const blank: Picture = { ...size, data: new Uint8ClampedArray(64 * 64 * 4), scale: 1, source: size };
  await engine.detect(blank);
  const shape = await engine.shape(blank, { box: { x: 0, y: 0, width: 64, height: 64 }, score: 1, roll: 0 });
  if (shape) await engine.lids(blank, shape);
  tracker = createTracker(engine);
  return { engine: engine.name, backend, warmUpMs: performance.now() - began };
}

async function look(frame: VideoFrame | ImageBitmap) {
  try {
    if (!tracker) throw new Error('the engine is not ready');
    return await tracker.inspect(toPicture(frame));
  } finally {
    frame.close();
  }
}

/** Brings a frame to pixels, at most `LOOK_SIZE` on its longer side; the frame stays open for a closer view. */
function toPicture(frame: VideoFrame | ImageBitmap): Picture {
  const [width, height] =
    'displayWidth' in frame ? [frame.displayWidth, frame.displayHeight] : [frame.width, frame.height];
  if (!width || !height) throw new Error('the frame is empty');
  return {
    ...whole(frame, { x: 0, y: 0, width, height }),
    ...(Math.max(width, height) > LOOK_SIZE && { closer: async (box: Box) => part(frame, box) }),
  };
}

/** Draws a part of a frame on a canvas of its own and reads its pixels. */
type Desk = (frame: VideoFrame | ImageBitmap, box: Box) => Picture;

function createDesk(): Desk {
  const canvas = new OffscreenCanvas(1, 1);
  // The pixels are read back at every frame: a canvas in main memory saves the way to the graphics card and back.
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('This browser cannot read pixels in a worker');
  return (frame, { x, y, width, height }) => {
    const scale = Math.max(1, Math.max(width, height) / LOOK_SIZE);
    const to = { width: Math.max(1, Math.round(width / scale)), height: Math.max(1, Math.round(height / scale)) };
    // Setting a size clears the canvas, even when it stays the same.
    if (canvas.width !== to.width) canvas.width = to.width;
    if (canvas.height !== to.height) canvas.height = to.height;
    context.imageSmoothingQuality = 'medium';
    context.drawImage(frame, x, y, width, height, 0, 0, to.width, to.height);
    return { ...to, data: context.getImageData(0, 0, to.width, to.height).data, scale, source: { width, height } };
  };
}

function fromOrigin(assetsUrl: string): AssetLoader {
  return async (name) => {
    const response = await fetch(new URL(name, assetsUrl));
    if (!response.ok) throw new Error(`the face engine's file ${name} cannot be loaded (${response.status})`);
    return response.arrayBuffer();
  };
}

function report(message: LiveReport): void {
  self.postMessage(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
