import type { LiveFace, Point } from './measures.ts';

/**
 * What tells a head that turns from a picture of one that is turned. Measured on three films of people and on photos of two, flat and
 * bent, turned by computer up to 60° (docs/quality.md): the engine reads a flat photo that is turned as a head that hardly is (yaw below
 * 5° at 40°), and a bent one as turned, nose and all. But to seem turned by 15° a bent photo has to be turned by 40° and more, and then its
 * eyes draw together far more than a head's do at the yaw it claims.
 */

/** A face in its own measure: the origin between the eyes, their line level, their distance 1. */
export type OwnPoints = readonly Point[];

/** Points on the surface of the face, without nose, lids and lips. */
const SURFACE = [2, 4, 6, 7, 8, 9, 10, 12, 14, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 36, 39, 42, 45, 48, 54] as const;
const NOSE_TIP = 30;

/** Landmarks brought to the face's own measure; null when they are no face's. */
export function ownPoints({ landmarks }: LiveFace): OwnPoints | null {
  const left = middle(landmarks[36], landmarks[39]);
  const right = middle(landmarks[42], landmarks[45]);
  if (!left || !right) return null;
  const distance = Math.hypot(right.x - left.x, right.y - left.y);
  if (!(distance > 0)) return null;
  const [cos, sin] = [(right.x - left.x) / distance, (right.y - left.y) / distance];
  const [x0, y0] = [(left.x + right.x) / 2, (left.y + right.y) / 2];
  return landmarks.map(({ x, y }) => ({
    x: ((x - x0) * cos + (y - y0) * sin) / distance,
    y: ((y - y0) * cos - (x - x0) * sin) / distance,
  }));
}

/** From the eye line to the middle of the mouth, in inter-eye distances: grows as the eyes draw together. */
function eyesToMouth(face: OwnPoints): number {
  const mouth = middle(face[48], face[54]);
  return mouth ? Math.hypot(mouth.x, mouth.y) : Number.NaN;
}

/**
 * How much nearer the eyes stand together than those of a head turned from `yaw0` to `yaw` would: 1 for a head, below 0.88 for the bent
 * photos measured, 0.93–1.03 for the people.
 */
export function foreshortening(straight: OwnPoints, yaw0: number, turned: OwnPoints, yaw: number): number {
  const expected = Math.cos(radians(yaw)) / Math.cos(radians(yaw0));
  return eyesToMouth(straight) / eyesToMouth(turned) / expected;
}

/**
 * How far the tip of the nose has moved against the rest of the face, in inter-eye distances of the turned face; + to image-left, as yaw.
 * The best affine map from the straight to the turned face explains a plane, however it is turned: what is left is depth. A head gives
 * about 0.9 × sine of the turn.
 */
export function noseParallax(straight: OwnPoints, turned: OwnPoints): number {
  const [a = 0, b = 0, c = 0] = affineX(straight, turned);
  const [from, to] = [straight[NOSE_TIP], turned[NOSE_TIP]];
  if (!from || !to) return Number.NaN;
  return a + b * from.x + c * from.y - to.x;
}

/** Likeness of two faces by their light and dark, −1 to 1: of one person from frame to frame 0.75 and more, of two mostly below. */
export function likeness(a: LiveFace, b: LiveFace): number {
  return a.look.reduce((sum, value, n) => sum + value * (b.look[n] ?? 0), 0);
}

/** The affine map x' = a + b·x + c·y with the least squares over the surface: normal equations, solved by Cramer's rule. */
function affineX(from: OwnPoints, to: OwnPoints): [number, number, number] {
  const sums = { n: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0, t: 0, tx: 0, ty: 0 };
  for (const index of SURFACE) {
    const [p, q] = [from[index], to[index]];
    if (!p || !q) continue;
    sums.n += 1;
    sums.x += p.x;
    sums.y += p.y;
    sums.xx += p.x * p.x;
    sums.xy += p.x * p.y;
    sums.yy += p.y * p.y;
    sums.t += q.x;
    sums.tx += q.x * p.x;
    sums.ty += q.x * p.y;
  }
  const { n, x, y, xx, xy, yy, t, tx, ty } = sums;
  const solve = (column: number): number => {
    const rows = [
      [n, x, y],
      [x, xx, xy],
      [y, xy, yy],
    ];
    const right = [t, tx, ty];
    return determinant(
      column < 0 ? rows : rows.map((row, r) => row.map((v, k) => (k === column ? (right[r] ?? 0) : v))),
    );
  };
  const whole = solve(-1);
  return [solve(0) / whole, solve(1) / whole, solve(2) / whole];
}

function determinant(rows: readonly (readonly number[])[]): number {
  const [[a = 0, b = 0, c = 0] = [], [d = 0, e = 0, f = 0] = [], [g = 0, h = 0, i = 0] = []] = rows;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

function middle(a: Point | undefined, b: Point | undefined): Point | null {
  return a && b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : null;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
