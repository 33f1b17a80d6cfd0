import type { Inspection } from '#shared/measures';
import type { LookWish } from '../track.ts';
import type { LiveOrder, LiveReady, LiveReport } from './messages.ts';

/** What a worker behind `live.ts` does. */
export interface Looker {
  /** @param assetsUrl where the engine's files are, ends in a slash */
  start(assetsUrl: string): Promise<LiveReady>;
  /** Looks at a frame, which is closed for it afterwards. */
  look(frame: VideoFrame | ImageBitmap, wish: LookWish): Promise<Inspection>;
}

/** Answers the page's orders from now on; errors become reports. */
export function answerOrders({ start, look }: Looker): void {
  self.addEventListener('message', ({ data }: MessageEvent<LiveOrder>) => {
    if (data.type === 'start') {
      start(data.assetsUrl).then(
        (ready) => report({ type: 'ready', ready }),
        (error) => report({ type: 'broken', message: messageOf(error) }),
      );
    } else {
      const { id, frame, wish } = data;
      look(frame, wish)
        .finally(() => frame.close())
        .then(
          (inspection) => report({ type: 'done', id, inspection }),
          (error) => report({ type: 'failed', id, message: messageOf(error) }),
        );
    }
  });
}

function report(message: LiveReport): void {
  self.postMessage(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
