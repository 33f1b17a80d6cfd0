import type { EncodeReport } from './encode.worker.ts';
import type { Frame } from './frames.ts';

const TIMEOUT_MS = 10_000;

/** A frame as a JPEG of its own size. Takes the frame over and closes it. Rejects when the browser cannot make one. */
export async function encodeJpeg(frame: Frame): Promise<Uint8Array<ArrayBuffer>> {
  const worker = new Worker(new URL('./encode.worker.ts', import.meta.url), { type: 'module' });
  const answer = Promise.withResolvers<ArrayBuffer>();
  const timer = setTimeout(() => answer.reject(new Error('the picture took too long')), TIMEOUT_MS);
  worker.addEventListener('message', ({ data }: MessageEvent<EncodeReport>) => {
    if ('bytes' in data) answer.resolve(data.bytes);
    else answer.reject(new Error(data.error));
  });
  worker.addEventListener('error', () => answer.reject(new Error('the picture could not be made')));
  try {
    worker.postMessage(frame, [frame]);
    return new Uint8Array(await answer.promise);
  } finally {
    clearTimeout(timer);
    frame.close();
    worker.terminate();
  }
}
