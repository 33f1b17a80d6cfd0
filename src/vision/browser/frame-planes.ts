import { type FramePlanes, yuvMatrix } from '../pixels/planes.ts';

/** Reads a camera's frames as the camera coded them. */
export interface PlaneReader {
  /** The frame's bytes, good until the next frame is read; null where it is of a kind that only a canvas can show upright and in its colours. */
  read(frame: VideoFrame): Promise<FramePlanes | null>;
}

/** Where the colours lie in a pixel of four bytes. */
const RGB = {
  RGBA: { red: 0, green: 1, blue: 2 },
  RGBX: { red: 0, green: 1, blue: 2 },
  BGRA: { red: 2, green: 1, blue: 0 },
  BGRX: { red: 2, green: 1, blue: 0 },
} as const;

const MATRICES: Partial<Record<string, 'bt601' | 'bt709'>> = {
  bt709: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
};

/**
 * A reader that keeps one buffer. To draw a frame on a canvas the browser first turns the whole of it into RGB; its own bytes cost a tenth
 * of that, and then only the pixels that are looked at need to be turned (docs/quality.md).
 */
export function createPlaneReader(): PlaneReader {
  let buffer = new Uint8Array(0);
  return {
    async read(frame) {
      const plan = planOf(frame);
      if (!plan) return null;
      const size = frame.allocationSize();
      if (buffer.byteLength < size) buffer = new Uint8Array(size);
      return plan(await frame.copyTo(buffer), buffer);
    },
  };
}

type Plan = (layout: readonly PlaneLayout[], data: Uint8Array) => FramePlanes | null;

/** How the frame's bytes are read; null where they are not pixels of the frame as it is shown. */
function planOf(frame: VideoFrame): Plan | null {
  const { format, visibleRect, displayWidth: width, displayHeight: height, colorSpace } = frame;
  // `rotation` and `flip` of the WebCodecs specification are in no lib.dom yet.
  const { rotation = 0, flip = false } = frame as { rotation?: number; flip?: boolean };
  if (!visibleRect || visibleRect.width !== width || visibleRect.height !== height || rotation !== 0 || flip)
    return null;
  if (format === 'RGBA' || format === 'RGBX' || format === 'BGRA' || format === 'BGRX') {
    return ([plane], data) => (plane ? { kind: 'rgb', width, height, data, ...plane, ...RGB[format] } : null);
  }
  const standard = MATRICES[colorSpace.matrix ?? ''];
  if (!standard || (format !== 'I420' && format !== 'NV12')) return null;
  const matrix = yuvMatrix(standard, colorSpace.fullRange === true);
  return ([y, u, v], data) => {
    if (!y || !u) return null;
    const common = { kind: 'yuv', width, height, data, matrix, y } as const;
    if (format === 'I420') return v ? { ...common, u: { ...u, step: 1 }, v: { ...v, step: 1 } } : null;
    return { ...common, u: { ...u, step: 2 }, v: { offset: u.offset + 1, stride: u.stride, step: 2 } };
  };
}
