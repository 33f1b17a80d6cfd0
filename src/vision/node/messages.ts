import type { Inspection } from '#shared/measures';
import type { EngineName } from '../engines/names.ts';
import type { PictureErrorCode } from './picture-error.ts';
import type { PictureSource } from './read.ts';

/** What a worker thread is started with. */
export interface WorkerSetup {
  /** Folder of the engine's files. */
  assets: string;
  /** Which engine looks; the station's own when absent. */
  engine?: EngineName;
}

/** To a worker: look at this. Work is answered in the order it was handed over. */
export interface LookOrder {
  type: 'look';
  id: number;
  source: PictureSource;
  /** Also cut out the principal face, as `DescribeOrder` wants it. */
  cut?: boolean;
}

/**
 * To a worker: tell a face in numbers (`descriptor.ts`). One thread of a pool does it for all: the network takes 100 MB, five times what the
 * others do.
 */
export interface DescribeOrder {
  type: 'describe';
  id: number;
  face: Float32Array;
}

/**
 * To a worker. `memory` asks what it holds, once the looks before it are done; `leave` answers `heavy`: the picture may be decoded now.
 */
export type Order = LookOrder | DescribeOrder | { type: 'memory' } | { type: 'leave'; id: number };

/** What one thread holds. Bytes, but for `tensors`. */
export interface ThreadMemory {
  tensors: number;
  tensorBytes: number;
  heapUsed: number;
  external: number;
  arrayBuffers: number;
}

/** From a worker. */
export type Report =
  | { type: 'ready' }
  | { type: 'memory'; memory: ThreadMemory }
  /** The picture whose turn it is takes much memory to decode: may it? Answered by `leave`. */
  | { type: 'heavy'; id: number }
  | { type: 'done'; id: number; inspection: Inspection; face?: Float32Array | null }
  | { type: 'described'; id: number; descriptor: Float32Array }
  | { type: 'failed'; id: number; error: { code: PictureErrorCode | null; message: string } };
