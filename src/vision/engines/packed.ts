import { backend, getBackend, getKernelsForBackend } from '@tensorflow/tfjs-core';

/** Kernels for which XNNPACK lays weights out anew when they run first, and never reads the given ones again. */
const PACKING = new Set(['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D']);

/** What of the WebAssembly backend is reached into. */
interface WasmMemory {
  wasm: { _free(at: number): void };
  dataIdMap: { get(id: object): { memoryOffset: number } | undefined };
}

/**
 * From now on a convolution's weights are freed as soon as it has run and they are packed: in WebAssembly they would lie there twice, and turning
 * them about would leave a hole of their size besides. Of the network that describes faces this is half of 80 MB. For the first run of networks
 * of which no two convolutions share weights; they are run, but their weights cannot be read, ever after.
 *
 * @returns ends it
 */
export function freePackedWeights(): () => void {
  const { wasm, dataIdMap } = backend() as unknown as Partial<WasmMemory>;
  if (!wasm || !dataIdMap) return () => {};
  const kernels = getKernelsForBackend(getBackend()).filter(({ kernelName }) => PACKING.has(kernelName));
  const own = kernels.map(({ kernelFunc }) => kernelFunc);
  kernels.forEach((kernel, n) => {
    kernel.kernelFunc = (given) => {
      const answer = own[n]?.(given) ?? [];
      const weights = given.inputs.filter && dataIdMap.get(given.inputs.filter.dataId);
      if (weights && weights.memoryOffset > 0) {
        wasm._free(weights.memoryOffset);
        // Whoever disposes of them frees nothing a second time.
        weights.memoryOffset = 0;
      }
      return answer;
    };
  });
  return () => {
    kernels.forEach((kernel, n) => {
      const run = own[n];
      if (run) kernel.kernelFunc = run;
    });
  };
}
