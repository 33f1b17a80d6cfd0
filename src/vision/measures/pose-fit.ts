import type { Landmarks68 } from '../contract.ts';
import type { Pose } from './pose.ts';

/**
 * A face of 68 points with depth, symmetric, in inter-eye distances, its origin between the eyes (x right, y down, z away): the mean of 17
 * people of face-api.js' demo pictures as FaceMesh sees them, turned to the front.
 */
const MODEL: readonly number[] = [
  -1.076, 0.117, 0.802, -1.058, 0.349, 0.864, -1.039, 0.579, 0.867, -1.001, 0.815, 0.823, -0.929, 1.056, 0.73, -0.827,
  1.24, 0.569, -0.562, 1.48, 0.247, -0.322, 1.618, 0.018, 0, 1.683, -0.089, 0.322, 1.618, 0.018, 0.562, 1.48, 0.247,
  0.827, 1.24, 0.569, 0.929, 1.056, 0.73, 1.001, 0.815, 0.823, 1.039, 0.579, 0.867, 1.058, 0.349, 0.864, 1.076, 0.117,
  0.802, -0.891, -0.268, 0.083, -0.792, -0.374, -0.036, -0.643, -0.429, -0.14, -0.452, -0.423, -0.233, -0.232, -0.396,
  -0.284, 0.232, -0.396, -0.284, 0.452, -0.423, -0.233, 0.643, -0.429, -0.14, 0.792, -0.374, -0.036, 0.891, -0.268,
  0.083, 0, -0.108, -0.294, 0, 0.131, -0.458, 0, 0.326, -0.635, 0, 0.457, -0.683, -0.263, 0.657, -0.294, -0.116, 0.687,
  -0.394, 0, 0.687, -0.421, 0.116, 0.687, -0.394, 0.263, 0.657, -0.294, -0.722, -0.015, 0.049, -0.616, -0.09, -0.045,
  -0.442, -0.1, -0.074, -0.278, 0.015, -0.049, -0.412, 0.038, -0.074, -0.58, 0.04, -0.046, 0.278, 0.015, -0.049, 0.442,
  -0.1, -0.074, 0.616, -0.09, -0.045, 0.722, -0.015, 0.049, 0.58, 0.04, -0.046, 0.412, 0.038, -0.074, -0.424, 1.01,
  -0.09, -0.247, 0.902, -0.343, -0.122, 0.876, -0.404, 0, 0.891, -0.419, 0.122, 0.876, -0.404, 0.247, 0.902, -0.343,
  0.424, 1.01, -0.09, 0.231, 1.163, -0.28, 0.124, 1.2, -0.33, 0, 1.212, -0.343, -0.124, 1.2, -0.33, -0.231, 1.163,
  -0.28, -0.366, 1.005, -0.116, -0.098, 0.989, -0.322, 0, 0.992, -0.338, 0.098, 0.989, -0.322, 0.366, 1.005, -0.116,
  0.103, 1.062, -0.304, 0, 1.066, -0.32, -0.103, 1.062, -0.304,
];

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
