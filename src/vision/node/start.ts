import type { AssetLoader } from '../contract.ts';
import { startTensorflow } from '../engines/tensorflow.ts';
import { assetsIn } from './assets.ts';

/** Starts TensorFlow.js in this thread, once, from the engine's files in a folder, which the answer loads. */
export async function startThread(folder: string): Promise<AssetLoader> {
  const before = (['uncaughtException', 'unhandledRejection'] as const).map(
    (event) => [event, process.listeners(event as 'uncaughtException')] as const,
  );
  const load = assetsIn(folder);
  // The glue reads CommonJS's name for its folder, which a bundled module lacks; its files are handed to it anyway.
  if (typeof __dirname === 'undefined') Reflect.set(globalThis, '__dirname', folder);
  await startTensorflow(load);
  // TensorFlow's WebAssembly glue installs handlers that throw again whatever the process had survived.
  for (const [event, listeners] of before) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!listeners.includes(listener)) process.removeListener(event, listener);
    }
  }
  return load;
}
