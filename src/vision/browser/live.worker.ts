import type { Picture } from '../contract.ts';
import { createHumanEngine } from '../engines/human.ts';
import { startTensorflow } from '../engines/tensorflow.ts';
import { createTracker, type Tracker } from '../track.ts';
import { answerOrders } from './answer.ts';
import { fromOrigin } from './from-origin.ts';
import type { LiveReady } from './messages.ts';
import { createDesk } from './pixels.ts';

/** The module worker behind `live.ts`: it owns the engine, so that no look at a frame ever blocks the page. */

let tracker: Tracker | null = null;
const desk = createDesk();

answerOrders({
  start,
  async look(frame, wish) {
    if (!tracker) throw new Error('the engine is not ready');
    return tracker.inspect(await desk.open(frame), wish);
  },
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
