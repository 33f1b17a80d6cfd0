import type { GraphModel } from '@tensorflow/tfjs-converter';
import {
  backend,
  getBackend,
  getKernelsForBackend,
  type KernelConfig,
  type NamedAttrMap,
  type TensorInfo,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { freePackedWeights } from './packed.ts';

/**
 * A network as the list of kernels it runs. TensorFlow.js walks a graph anew for each input: it reads every node's parameters, keeps scopes,
 * tapes and a book of tensors. For networks as small as these that takes as long as the arithmetic of the smaller ones. A plan runs the very same
 * kernels, in the same order, on the same weights, and nothing else: its numbers are the same to the last bit.
 */
export interface Plan {
  /** Runs the network on one input of the shape it was planned for; its outputs, in the order of their names. RangeError for another length. */
  run(input: Float32Array): Float32Array[];
}

/** What a kernel reads and writes are values, numbered as they come into being: the input is 0. */
interface Step {
  kernel: KernelConfig;
  /** Weights as they are; those that are values have theirs put in before the kernel runs. */
  inputs: Record<string, TensorInfo>;
  reads: readonly { info: TensorInfo; value: number }[];
  attrs: NamedAttrMap;
  /** The number of its first output. */
  first: number;
  /** Values nobody reads after it. */
  done: number[];
}

const INPUT = 0;

/**
 * Plans a graph for inputs of one shape, by running it once and watching. Call when the backend is started, not while it is at work elsewhere.
 * Its weights are the plan's afterwards (`freePackedWeights`).
 *
 * @param shape of the input, its first number being how many pictures there are
 * @param names outputs that are wanted; all when absent
 * @throws Error when the graph is not one that can be planned
 */
export function planOf(model: GraphModel, shape: readonly number[], names?: readonly string[]): Plan {
  const steps: Step[] = [];
  const outputs: number[] = [];
  const weights = new Set<object>(Object.values(model.weights).flatMap((all) => all.map(({ dataId }) => dataId)));
  const known = new Map<object, number>();
  let values = 1;

  const watch = (kernel: KernelConfig, given: Parameters<KernelConfig['kernelFunc']>[0], answer: TensorInfo[]) => {
    const inputs: Record<string, TensorInfo> = {};
    const reads: { info: TensorInfo; value: number }[] = [];
    for (const [name, from] of Object.entries(given.inputs)) {
      if (!from) continue;
      const { dataId, dtype, shape } = from;
      const info = { dataId, dtype, shape: [...shape] };
      inputs[name] = info;
      const value = known.get(dataId);
      if (value !== undefined) reads.push({ info, value });
      else if (!weights.has(dataId)) throw new Error(`A network reads what is no weight of it (${kernel.kernelName})`);
    }
    steps.push({ kernel, inputs, reads, attrs: { ...given.attrs }, first: values, done: [] });
    for (const { dataId } of answer) known.set(dataId, values++);
  };

  tidy(() => {
    const input = tensor(new Float32Array(shape.reduce((size, side) => size * side, 1)), [...shape]);
    known.set(input.dataId, INPUT);
    const packed = freePackedWeights();
    const found = (() => {
      try {
        return watching(watch, () => model.execute(input, names && [...names]));
      } finally {
        packed();
      }
    })();
    for (const one of Array.isArray(found) ? found : [found]) {
      const value = known.get(one.dataId);
      if (value === undefined) throw new Error('A network answers what no kernel of it made');
      outputs.push(value);
    }
  });

  for (let value = 0; value < values; value++) {
    if (!outputs.includes(value)) steps.findLast((step) => reads(step, value))?.done.push(value);
  }
  return { run: (input) => runSteps(steps, shape, outputs, input) };
}

function reads(step: Step, value: number): boolean {
  return step.reads.some((read) => read.value === value);
}

/** Runs something while each kernel that is called from outside of another one is told of. */
function watching<T>(
  watch: (kernel: KernelConfig, given: Parameters<KernelConfig['kernelFunc']>[0], answer: TensorInfo[]) => void,
  work: () => T,
): T {
  const kernels = getKernelsForBackend(getBackend());
  const own = kernels.map(({ kernelFunc }) => kernelFunc);
  let depth = 0;
  kernels.forEach((kernel, n) => {
    const run = own[n];
    if (!run) return;
    kernel.kernelFunc = (given) => {
      depth++;
      try {
        const answer = run(given);
        if (depth === 1) watch({ ...kernel, kernelFunc: run }, given, Array.isArray(answer) ? answer : [answer]);
        return answer;
      } finally {
        depth--;
      }
    };
  });
  try {
    return work();
  } finally {
    kernels.forEach((kernel, n) => {
      const run = own[n];
      if (run) kernel.kernelFunc = run;
    });
  }
}

function runSteps(
  steps: readonly Step[],
  shape: readonly number[],
  wanted: readonly number[],
  input: Float32Array,
): Float32Array[] {
  const engine = backend();
  const length = shape.reduce((size, side) => size * side, 1);
  if (input.length !== length) throw new RangeError(`The network takes ${length} values, not ${input.length}`);
  /** Where each value lies, while it is needed. */
  const at: (object | undefined)[] = [engine.write(input, [...shape], 'float32')];
  const release = (value: number): void => {
    const held = at[value];
    if (held) engine.disposeData(held);
    at[value] = undefined;
  };
  try {
    for (const { kernel, inputs, reads, attrs, first, done } of steps) {
      for (const { info, value } of reads) info.dataId = at[value] as object;
      const answer = kernel.kernelFunc({ inputs, attrs, backend: engine });
      const made = Array.isArray(answer) ? answer : [answer];
      for (let n = 0; n < made.length; n++) at[first + n] = (made[n] as TensorInfo).dataId;
      for (const value of done) release(value);
    }
    return wanted.map((value) => engine.readSync(at[value] as object) as Float32Array);
  } finally {
    for (let value = 0; value < at.length; value++) release(value);
  }
}
