import type { Box } from '#shared/measures';
import type { Picture } from '../contract.ts';
import { onDemand } from '../pixels/on-demand.ts';
import { type FramePlanes, shrinkInto } from '../pixels/planes.ts';
import { createPlaneReader } from './frame-planes.ts';

/** The longer side a frame is looked at with. */
const LOOK_SIZE = 640;

type Frame = VideoFrame | ImageBitmap;

/** Brings frames to pixels, at most `LOOK_SIZE` on the longer side. */
export interface Desk {
  /**
   * The frame's pixels, good until the next frame is opened. Where they were shrunk it has a closer view, for as long as the frame is open.
   *
   * @throws when the frame is empty
   */
  open(frame: Frame): Promise<Picture>;
}

/** A desk for workers. @throws when the browser cannot read pixels there */
export function createDesk(): Desk {
  const reader = createPlaneReader();
  const draw = { whole: createCanvas(), part: createCanvas() };
  let pixels = new Uint8ClampedArray(0);

  function fromPlanes(planes: FramePlanes, frame: Frame, shrink: number): Picture {
    const source = { width: planes.width, height: planes.height };
    const size = { width: source.width / shrink, height: source.height / shrink };
    const bytes = 4 * size.width * size.height;
    if (pixels.length !== bytes) pixels = new Uint8ClampedArray(bytes);
    const shrunk = onDemand(planes, size, shrink, pixels);
    return {
      ...size,
      scale: shrink,
      source,
      get data() {
        return shrunk.all();
      },
      pixelsIn: shrunk.within,
      ...(shrink > 1 && {
        closer: async (box: Box) =>
          Math.max(box.width, box.height) > LOOK_SIZE ? draw.part(frame, box) : cutFrom(planes, box),
      }),
    };
  }

  return {
    async open(frame) {
      const [width, height] =
        'displayWidth' in frame ? [frame.displayWidth, frame.displayHeight] : [frame.width, frame.height];
      if (!width || !height) throw new Error('the frame is empty');
      const shrink = wholeShrink(width, height);
      const planes = shrink !== null && 'copyTo' in frame ? await reader.read(frame) : null;
      if (planes && shrink !== null) return fromPlanes(planes, frame, shrink);
      return {
        ...draw.whole(frame, { x: 0, y: 0, width, height }),
        ...(Math.max(width, height) > LOOK_SIZE && { closer: async (box: Box) => draw.part(frame, box) }),
      };
    },
  };
}

/** How many pixels of a frame become one, to a side, where that is a whole number; null where it is none. */
function wholeShrink(width: number, height: number): number | null {
  const shrink = Math.max(1, Math.max(width, height) / LOOK_SIZE);
  return [shrink, width / shrink, height / shrink].every(Number.isInteger) ? shrink : null;
}

/** A part of a frame as it is. */
function cutFrom(planes: FramePlanes, box: Box): Picture {
  const { width, height } = box;
  const data = new Uint8ClampedArray(4 * width * height);
  shrinkInto(planes, 1, box, data, width, box);
  return { width, height, data, scale: 1, source: { width, height } };
}

/** Draws a part of a frame on a canvas of its own and reads its pixels. */
function createCanvas(): (frame: Frame, box: Box) => Picture {
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
