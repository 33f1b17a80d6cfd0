import type { Point } from '#shared/measures';
import type { FaceShape, Picture } from './contract.ts';
import { eyeCentres, middle } from './measures/geometry.ts';
import { cutOut, type Region } from './pixels/warp.ts';

/** Side of the descriptor's input. */
export const FACE_INPUT = 150;

/** The face with these points as the descriptor wants it: upright, RGB 0–255, `FACE_INPUT` squared. Light enough to cross to another thread. */
export function cutFace(picture: Picture, shape: FaceShape): Float32Array<ArrayBuffer> {
  return cutOut(picture, regionOf(shape), FACE_INPUT, 1, 0);
}

/**
 * The square face-api.js cuts out for this network (`FaceLandmarks.align`): its side is the mean distance of the eyes to the mouth over
 * 0.45, and the mean of eyes and mouth lies at 0.43 of its height; here turned upright besides.
 */
function regionOf(shape: FaceShape): Region {
  const { left, right } = eyeCentres(shape);
  const mouth = middle(shape.landmarks[48], shape.landmarks[54]);
  const side = (distance(left, mouth) + distance(right, mouth)) / 2 / 0.45;
  const roll = Math.atan2(right.y - left.y, right.x - left.x);
  const drop = (0.5 - 0.43) * side;
  return {
    centre: {
      x: (left.x + right.x + mouth.x) / 3 - Math.sin(roll) * drop,
      y: (left.y + right.y + mouth.y) / 3 + Math.cos(roll) * drop,
    },
    side,
    roll: (roll * 180) / Math.PI,
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
