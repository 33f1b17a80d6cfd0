import type { Landmarks68 } from '../contract.ts';
import { FACE_MODEL as MODEL } from './face-model.ts';
import type { Pose } from './pose.ts';

/** Points that a face moves without turning: brows, lips, and the jaw from ear to ear, whose points slide along the rim as the head turns. */
const LOOSE = new Set([...range(0, 4), ...range(13, 26), ...range(49, 53), ...range(55, 67)]);

/**
 * The pose of a head from 68 flat landmarks, degrees: the least-squares weak-perspective fit of a rigid model. The affine map from model to
 * image is solved for, its two rows are made orthogonal and of one length, and the third is their cross product (DeMenthon and Davis,
 * "Model-based object pose in 25 lines of code", 1995, without its perspective iterations). Angles as in `poseOfMesh`.
 *
 * @throws {RangeError} when there are not 68 points
 */
export function poseOfLandmarks(landmarks: Landmarks68): Pose {
  if (landmarks.length !== 68) throw new RangeError('68 landmarks are expected');
  const used = landmarks.map((_, n) => n).filter((n) => !LOOSE.has(n));
  const model = centred(used.map((n) => [MODEL[3 * n] ?? 0, MODEL[3 * n + 1] ?? 0, MODEL[3 * n + 2] ?? 0]));
  const image = centred(used.map((n) => [landmarks[n]?.x ?? 0, landmarks[n]?.y ?? 0]));
  const normal = [0, 1, 2].map((i) => [0, 1, 2].map((j) => dot(column(model, i), column(model, j))));
  const rows = [0, 1].map((axis) =>
    solve3(
      normal,
      [0, 1, 2].map((i) => dot(column(model, i), column(image, axis))),
    ),
  );
  const [a, b] = orthonormal(rows[0] ?? [], rows[1] ?? []);
  const c = cross(a, b);
  const [yaw, pitch, roll] = [
    Math.asin(clamp(-(c[0] ?? 0))),
    Math.atan2(-(c[1] ?? 0), c[2] ?? 0),
    Math.atan2(b[0] ?? 0, a[0] ?? 0),
  ];
  return { yaw: degrees(yaw), pitch: degrees(pitch), roll: degrees(roll) };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

function centred(points: readonly number[][]): number[][] {
  const size = points[0]?.length ?? 0;
  const mean = Array.from({ length: size }, (_, d) => points.reduce((sum, p) => sum + (p[d] ?? 0), 0) / points.length);
  return points.map((p) => p.map((value, d) => value - (mean[d] ?? 0)));
}

function column(points: readonly number[][], d: number): number[] {
  return points.map((p) => p[d] ?? 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, n) => sum + value * (b[n] ?? 0), 0);
}

function cross(a: readonly number[], b: readonly number[]): number[] {
  const [ax = 0, ay = 0, az = 0] = a;
  const [bx = 0, by = 0, bz = 0] = b;
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

/** Cramer's rule for a symmetric matrix of rank 3, as that of a face with depth is. */
function solve3(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const [x = [], y = [], z = []] = matrix;
  const determinant = dot(x, cross(y, z));
  return [cross(y, z), cross(z, x), cross(x, y)]
    .reduce((sum, row, n) => sum.map((value, d) => value + (right[n] ?? 0) * (row[d] ?? 0)), [0, 0, 0])
    .map((value) => value / determinant);
}

/** The two orthonormal vectors nearest to two that almost are: their half-way directions turned 45° either way. */
function orthonormal(a: readonly number[], b: readonly number[]): [number[], number[]] {
  const [u, v] = [unit(a), unit(b)];
  const sum = unit(u.map((value, n) => value + (v[n] ?? 0)));
  const difference = unit(u.map((value, n) => value - (v[n] ?? 0)));
  const half = Math.SQRT1_2;
  return [
    sum.map((value, n) => half * (value + (difference[n] ?? 0))),
    sum.map((value, n) => half * (value - (difference[n] ?? 0))),
  ];
}

function unit(a: readonly number[]): number[] {
  const length = Math.sqrt(dot(a, a)) || 1;
  return a.map((value) => value / length);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(-1, value));
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
