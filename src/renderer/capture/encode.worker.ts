/**
 * Makes a frame a JPEG away from the main thread, at the frame's own size. The station makes the renditions; this is the master,
 * so its quality is high.
 */
export type EncodeReport = { bytes: ArrayBuffer } | { error: string };

const QUALITY = 0.95;

addEventListener('message', ({ data: frame }: MessageEvent<VideoFrame | ImageBitmap>) => {
  encode(frame).then(
    (bytes) => postMessage({ bytes } satisfies EncodeReport, { transfer: [bytes] }),
    (error: unknown) => postMessage({ error: error instanceof Error ? error.name : 'unknown' } satisfies EncodeReport),
  );
});

async function encode(frame: VideoFrame | ImageBitmap): Promise<ArrayBuffer> {
  try {
    const [width, height] =
      'displayWidth' in frame ? [frame.displayWidth, frame.displayHeight] : [frame.width, frame.height];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('no canvas');
    context.drawImage(frame, 0, 0, width, height);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
    return await blob.arrayBuffer();
  } finally {
    frame.close();
  }
}
