import type { Inspection } from '#shared/measures';
import type { LookWish } from '../track.ts';
import type { LiveOrder, LiveReady, LiveReport } from './messages.ts';

export interface LiveOptions {
  /** Where the engine's files are served on the page's own origin; ends in a slash. Relative to the page or absolute. */
  assetsUrl: string;
  /** How long the engine may take to start, milliseconds. */
  startTimeout?: number;
  /** How long one frame may take, milliseconds. */
  frameTimeout?: number;
  /** Starts the worker; handed in where there is none to bundle. */
  spawn?: () => Worker;
}

/** Looks at the frames of a camera in a worker, one at a time. */
export interface LiveInspector {
  /** Settles when the engine is warm, or rejects with why it never will be. */
  readonly ready: Promise<LiveReady>;
  /**
   * Looks at one frame, which is taken over and closed whatever happens. The next is asked for when this one is answered.
   *
   * @param wish how; by itself without what a presence check wants
   * @throws {LiveInspectorError} when the engine failed, took too long, was closed, or still looks at another frame
   */
  inspect(frame: VideoFrame | ImageBitmap, wish?: LookWish): Promise<Inspection>;
  /** Ends the worker; what is under way rejects. */
  close(): void;
}

/** The live check does not work, or not for this frame. */
export class LiveInspectorError extends Error {
  override readonly name = 'LiveInspectorError';
}

/** Starts the live check; the engine warms up at once, so start it before the camera page needs it. */
export function createLiveInspector(options: LiveOptions): LiveInspector {
  const { assetsUrl, startTimeout = 30_000, frameTimeout = 15_000, spawn = spawnWorker } = options;
  const worker = spawn();
  const ready = Promise.withResolvers<LiveReady>();
  let pending: { id: number; resolve(inspection: Inspection): void; reject(error: Error): void } | null = null;
  let nextId = 1;
  let broken: LiveInspectorError | null = null;

  // A page that never looks at `ready` learns it from `inspect`.
  ready.promise.catch(() => {});

  const fail = (message: string): void => {
    broken ??= new LiveInspectorError(message);
    worker.terminate();
    ready.reject(broken);
    pending?.reject(broken);
    pending = null;
  };
  const startTimer = setTimeout(
    () => fail(`The face check did not start within ${startTimeout / 1000} seconds`),
    startTimeout,
  );
  ready.promise.then(
    () => clearTimeout(startTimer),
    () => clearTimeout(startTimer),
  );

  worker.addEventListener('message', ({ data }: MessageEvent<LiveReport>) => {
    if (data.type === 'ready') ready.resolve(data.ready);
    else if (data.type === 'broken') fail(`The face check cannot start: ${data.message}`);
    else if (pending?.id === data.id) {
      const { resolve, reject } = pending;
      pending = null;
      if (data.type === 'done') resolve(data.inspection);
      else reject(new LiveInspectorError(`The face check failed on a frame: ${data.message}`));
    }
  });
  worker.addEventListener('error', (event) => fail(`The face check failed: ${event.message || 'its worker ended'}`));
  worker.addEventListener('messageerror', () => fail('The face check failed: its answer could not be read'));
  post(worker, { type: 'start', assetsUrl: new URL(assetsUrl, globalThis.location?.href).href });

  return {
    ready: ready.promise,
    async inspect(frame, wish = { presence: false }) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      try {
        if (broken) throw broken;
        if (pending) throw new LiveInspectorError('The face check still looks at another frame');
        const looking = Promise.withResolvers<Inspection>();
        pending = { id: nextId++, resolve: looking.resolve, reject: looking.reject };
        const { id } = pending;
        // When the start fails, this one rejects beside `ready`, which is the one awaited.
        looking.promise.catch(() => {});
        await ready.promise;
        post(worker, { type: 'look', id, frame, wish }, [frame]);
        timer = setTimeout(
          () => fail(`The face check gave no answer within ${frameTimeout / 1000} seconds`),
          frameTimeout,
        );
        return await looking.promise;
      } finally {
        clearTimeout(timer);
        // Closing a frame that was handed over is harmless; one that was not would keep the camera's buffer.
        frame.close();
      }
    },
    close() {
      fail('The face check is closed');
    },
  };
}

function spawnWorker(): Worker {
  return new Worker(new URL('./live.worker.ts', import.meta.url), { type: 'module' });
}

function post(worker: Worker, order: LiveOrder, transfer: Transferable[] = []): void {
  worker.postMessage(order, transfer);
}
