/** One picture of the camera, at the camera's own size, never mirrored. Whoever holds one closes it. */
export type Frame = VideoFrame | ImageBitmap;

/** Where frames come from: each call gives the newest one, null when the camera has ended. */
export interface FrameSource {
  next(): Promise<Frame | null>;
  /** A second handle on the same pixels, for somebody who closes or transfers the first. */
  copy(frame: Frame): Promise<Frame>;
  close(): void;
}

/** `MediaStreamTrackProcessor` (W3C MediaStreamTrack Insertable Media Processing): in Chromium, in no lib.dom. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
type TrackProcessorConstructor = new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => TrackProcessor;

/** Frames of a running video: straight from the track where the browser can, else drawn from the element. */
export function frameSource(video: HTMLVideoElement, track: MediaStreamTrack): FrameSource {
  const processor = (globalThis as { MediaStreamTrackProcessor?: TrackProcessorConstructor }).MediaStreamTrackProcessor;
  return processor ? trackFrames(processor, track) : elementFrames(video);
}

function trackFrames(Processor: TrackProcessorConstructor, track: MediaStreamTrack): FrameSource {
  // One buffer: a slow look gets the newest frame next, not a queue of old ones.
  const reader = new Processor({ track, maxBufferSize: 1 }).readable.getReader();
  return {
    async next() {
      const { value } = await reader.read();
      return value ?? null;
    },
    copy: async (frame) => (frame instanceof VideoFrame ? frame.clone() : createImageBitmap(frame)),
    close() {
      reader.cancel().catch(() => undefined);
    },
  };
}

function elementFrames(video: HTMLVideoElement): FrameSource {
  let open = true;
  return {
    async next() {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      while (open && video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return open ? createImageBitmap(video) : null;
    },
    copy: (frame) => createImageBitmap(frame),
    close() {
      open = false;
    },
  };
}
