import type { Inspection } from '#shared/measures';
import type { LookWish } from '../track.ts';

/** To the live worker. */
export type LiveOrder =
  | { type: 'start'; assetsUrl: string }
  | { type: 'look'; id: number; frame: VideoFrame | ImageBitmap; wish: LookWish };

/** What the engine says when it is warm. */
export interface LiveReady {
  engine: string;
  backend: string;
  warmUpMs: number;
}

/** From the live worker. */
export type LiveReport =
  | { type: 'ready'; ready: LiveReady }
  | { type: 'broken'; message: string }
  | { type: 'done'; id: number; inspection: Inspection }
  | { type: 'failed'; id: number; message: string };
