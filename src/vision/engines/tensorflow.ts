import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import { env, setBackend } from '@tensorflow/tfjs-core';
import type { AssetLoader } from '../contract.ts';

const SIMD = 'tfjs-backend-wasm-simd.wasm';
const PLAIN = 'tfjs-backend-wasm.wasm';

/**
 * Starts TensorFlow.js on WebAssembly from local files. Call once per thread.
 *
 * The file is read before the backend asks for it, because the backend's own reader never settles when a file is
 * missing; threads are switched off, because the threaded build needs isolation and `blob:` and gained nothing.
 *
 * @returns the backend's name
 * @throws when WebAssembly or its file is not to be had
 */
export async function startTensorflow(load: AssetLoader): Promise<string> {
  const flags = env();
  flags.set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const simd = await flags.getAsync('WASM_HAS_SIMD_SUPPORT');
  const name = simd ? SIMD : PLAIN;
  const binary = await load(name);
  // The backend fetches through the platform: it is handed the bytes, and nothing in this thread fetches any more.
  flags.platform.fetch = async () => new Response(binary);
  setWasmPaths({ [PLAIN]: PLAIN, [SIMD]: SIMD, 'tfjs-backend-wasm-threaded-simd.wasm': SIMD }, true);
  // setBackend answers false, and does not throw, when the backend could not start.
  if (!(await setBackend('wasm'))) throw new Error('The face engine could not start WebAssembly');
  return simd ? 'wasm-simd' : 'wasm';
}

/**
 * Loads a graph model (`NAME.json` with its topology, `NAME.bin` with its weights) from the engine's files.
 *
 * @param shape what its input may be where that is not what the file says: −1 for any size
 */
export async function loadGraph(name: string, load: AssetLoader, shape?: readonly number[]): Promise<GraphModel> {
  const [description, weightData] = await Promise.all([load(`${name}.json`), load(`${name}.bin`)]);
  const { modelTopology, weightsManifest, format, generatedBy, convertedBy, signature } = JSON.parse(
    new TextDecoder().decode(description),
  );
  if (shape) {
    for (const { op, attr } of modelTopology.node)
      if (op === 'Placeholder') attr.shape = { shape: { dim: shape.map((size) => ({ size: String(size) })) } };
  }
  const artifacts = {
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights),
    weightData,
    format,
    generatedBy,
    convertedBy,
    signature,
  };
  const model = await loadGraphModel({ load: async () => artifacts });
  // The model keeps them to be saved again, which nobody does.
  artifacts.weightData = new ArrayBuffer(0);
  return model;
}
