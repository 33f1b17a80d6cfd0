import { z } from 'zod';
import type { RenditionSpec } from '#platforms/contract';
import type { Box, Inspection } from '#shared/measures';

/** Where a head is in a picture, in pixels of that picture: crown to chin, and its vertical axis. May reach outside. */
export const headSchema = z.object({ centreX: z.number(), crown: z.number(), chin: z.number() });
export type Head = z.infer<typeof headSchema>;

/**
 * Head height over inter-eye distance, and the share of it above the eyes: adult means of stature surveys (pupils 63 mm apart,
 * crown to chin 227 mm; ANSUR II), with the eyes in the middle of the head as ISO/IEC 19794-5 places them.
 */
const HEAD_PER_EYES = 3.6;
const EYES_BELOW_CROWN = 0.51;
/** Face rectangle (brows or forehead to chin) to head. */
const HEAD_PER_BOX = 1.3;

/** Share of the master's height the head takes where the picture has room: less than any platform asks for, so that each can crop. */
const MASTER_HEAD_SHARE = 0.4;
const MASTER_ASPECT = 3 / 4;
/** Where the middle of the head is, from the top: a little above the middle, so that shoulders are in the picture. */
const HEAD_MIDDLE = 0.47;

/**
 * The principal face's head. The eyes say where it is; vision's own head size says how large, where it could tell, for a turned
 * head's eyes come close together. Null without a face.
 */
export function headOf(inspection: Inspection): Head | null {
  const { eyes, box, measures, height } = inspection;
  if (eyes !== null) {
    const distance = Math.hypot(eyes.right.x - eyes.left.x, eyes.right.y - eyes.left.y);
    const measured = measures.headSize === null ? 0 : measures.headSize * height;
    const size = measured > 0 ? measured : distance * HEAD_PER_EYES;
    const eyeLine = (eyes.left.y + eyes.right.y) / 2;
    const crown = eyeLine - size * EYES_BELOW_CROWN;
    return { centreX: (eyes.left.x + eyes.right.x) / 2, crown, chin: crown + size };
  }
  if (box === null) return null;
  const chin = box.y + box.height;
  return { centreX: box.x + box.width / 2, crown: chin - box.height * HEAD_PER_BOX, chin };
}

/** The crop in which the head takes the given share of the height and sits centred. May leave the picture. */
function cropAround(head: Head, headShare: number, aspect: number): Box {
  const size = head.chin - head.crown;
  const height = size / headShare;
  const width = height * aspect;
  const middle = (head.crown + head.chin) / 2;
  return { x: head.centreX - width / 2, y: middle - height * HEAD_MIDDLE, width, height };
}

/** What of a picture the master keeps: the portrait around the head as far as the picture goes, in whole pixels. */
export function masterCrop(head: Head, picture: { width: number; height: number }): Box {
  const wanted = cropAround(head, MASTER_HEAD_SHARE, MASTER_ASPECT);
  const x = clamp(Math.floor(wanted.x), 0, picture.width - 1);
  const y = clamp(Math.floor(wanted.y), 0, picture.height - 1);
  return {
    x,
    y,
    width: clamp(Math.ceil(wanted.x + wanted.width), x + 1, picture.width) - x,
    height: clamp(Math.ceil(wanted.y + wanted.height), y + 1, picture.height) - y,
  };
}

/** A crop of a master for a platform, and how far it reaches beyond the master on each side; whole pixels. */
export interface Framing {
  /** The part inside the master. */
  inside: Box;
  extend: { top: number; bottom: number; left: number; right: number };
}

/** A crop that leaves the picture by less than this share moves back in instead of being filled up. */
const SHIFT = 0.06;

/** A head is never framed larger than this for want of picture around it: hair and chin need air. */
const LARGEST_HEAD_SHARE = 0.72;
const SHARE_STEP = 0.01;

/**
 * How a rendition frames the head. What leaves the picture is met in this order: the crop moves a little, then it draws closer (a real
 * background beats an invented one), and what is still missing becomes `extend`.
 */
export function frame(
  head: Head,
  picture: { width: number; height: number },
  spec: Pick<RenditionSpec, 'width' | 'height' | 'headShare'>,
): Framing {
  const aspect = spec.width / spec.height;
  let crop = cropAround(head, spec.headShare, aspect);
  for (let share = spec.headShare; !fits(crop, picture) && share < LARGEST_HEAD_SHARE; share += SHARE_STEP) {
    crop = cropAround(head, share, aspect);
  }
  const left = Math.round(crop.x + shift(crop.x, crop.width, picture.width));
  const top = Math.round(crop.y + shift(crop.y, crop.height, picture.height));
  const width = Math.max(1, Math.round(crop.width));
  const height = Math.max(1, Math.round(crop.height));
  // At least one pixel stays inside, wherever a face was believed to be.
  const x = clamp(left, 0, picture.width - 1);
  const y = clamp(top, 0, picture.height - 1);
  const right = clamp(left + width, x + 1, picture.width);
  const bottom = clamp(top + height, y + 1, picture.height);
  return {
    inside: { x, y, width: right - x, height: bottom - y },
    extend: {
      left: x - left < 0 ? 0 : x - left,
      top: y - top < 0 ? 0 : y - top,
      right: Math.max(0, left + width - right),
      bottom: Math.max(0, top + height - bottom),
    },
  };
}

/** Whether a crop lies inside the picture, once moved as far as it may be. */
function fits(crop: Box, picture: { width: number; height: number }): boolean {
  const reach = (start: number, length: number, available: number) => {
    const moved = start + shift(start, length, available);
    return moved >= 0 && moved + length <= available;
  };
  return reach(crop.x, crop.width, picture.width) && reach(crop.y, crop.height, picture.height);
}

function shift(start: number, length: number, available: number): number {
  const most = length * SHIFT;
  const before = Math.max(0, -start);
  const after = Math.max(0, start + length - available);
  if (before > 0 && after > 0) return 0;
  return clamp(before, 0, most) - clamp(after, 0, most);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** The head in a picture that was cropped and then scaled. */
export function headIn(head: Head, crop: Box, scale: number): Head {
  return {
    centreX: (head.centreX - crop.x) * scale,
    crown: (head.crown - crop.y) * scale,
    chin: (head.chin - crop.y) * scale,
  };
}
