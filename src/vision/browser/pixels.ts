import type { Box } from '#shared/measures';
import type { Picture } from '../contract.ts';

/** The longer side a frame is looked at with. */
const LOOK_SIZE = 640;

type Frame = VideoFrame | ImageBitmap;

/** Draws a part of a frame on a canvas of its own and reads its pixels, at most `LOOK_SIZE` on the longer side. */
export type Desk = (frame: Frame, box: Box) => Picture;

/** A desk for workers. @throws when the browser cannot read pixels there */
export function createDesk(): Desk {
  const canvas = new OffscreenCanvas(1, 1);
  // The pixels are read back at every frame: a canvas in main memory saves the way to the graphics card and back.
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('This browser cannot read pixels in a worker');
  return (frame, { x, y, width, height }) => {
    const scale = Math.max(1, Math.max(width, height) / LOOK_SIZE);
    const to = { width: Math.max(1, Math.round(width / scale)), height: Math.max(1, Math.round(height / scale)) };
    // Setting a size clears the canvas, even when it stays the same.
    if (canvas.width !== to.width) canvas.width = to.width;
    if (canvas.height !== to.height) canvas.height = to.height;
    context.imageSmoothingQuality = 'medium';
    context.drawImage(frame, x, y, width, height, 0, 0, to.width, to.height);
    return { ...to, data: context.getImageData(0, 0, to.width, to.height).data, scale, source: { width, height } };
  };
}

/**
 * A frame's pixels; where they were shrunk and `part` is given, with a closer view, for as long as the frame is open.
 *
 * @throws when the frame is empty
 */
export function pictureOf(frame: Frame, whole: Desk, part?: Desk): Picture {
  const [width, height] =
    'displayWidth' in frame ? [frame.displayWidth, frame.displayHeight] : [frame.width, frame.height];
  if (!width || !height) throw new Error('the frame is empty');
  return {
    ...whole(frame, { x: 0, y: 0, width, height }),
    ...(part && Math.max(width, height) > LOOK_SIZE && { closer: async (box: Box) => part(frame, box) }),
  };
}
