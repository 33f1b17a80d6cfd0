import type { Point3 } from '../contract.ts';
import { MESH_TO_68, MIRRORED } from '../engines/mesh-points.ts';
import { FACE_MODEL } from './face-model.ts';

/** Degrees: yaw + a face turned to image-left, pitch + up, roll + clockwise in the image. */
export interface Pose {
  yaw: number;
  pitch: number;
  roll: number;
}

/**
 * Points of the 68 that a face moves with the head alone: ears, upper jaw, eye corners and the ridge of the nose. Lips, chin and brows are
 * left out: with them a smile reads as a nod of six degrees.
 */
const RIGID = [0, 1, 2, 14, 15, 16, 27, 28, 29, 30, 33, 36, 39, 42, 45];

/** What the fit reads, in degrees, on portraits that look straight ahead: their mean. Single people differ from it by 3.4 (standard deviation). */
const LEVEL = -0.8;

/**
 * The pose of a head from points with depth.
 *
 * Faces are symmetric: the lines between mirrored points are all parallel to the head's left–right axis, whoever it is,
 * so their sum gives yaw and roll without a model of the face. Pitch is the turn about that axis which lays the mean face's rigid points
 * best on these ones, seen from the side (least squares; Schönemann, "A generalized solution of the orthogonal Procrustes problem", 1966).
 * The rotation is taken apart as roll · yaw · pitch (ISO/IEC 19794-5 names the angles; the signs are ours).
 */
export function poseOfMesh(mesh: readonly Point3[]): Pose {
  let x = 0;
  let y = 0;
  let z = 0;
  for (const [leftIndex, rightIndex] of MIRRORED) {
    const left = at(mesh, leftIndex);
    const right = at(mesh, rightIndex);
    x += right.x - left.x;
    y += right.y - left.y;
    z += right.z - left.z;
  }
  const roll = Math.atan2(y, x);
  const yaw = Math.atan2(-z, Math.hypot(x, y));
  return { yaw: degrees(yaw), pitch: degrees(nod(mesh, roll, yaw)) - LEVEL, roll: degrees(roll) };
}

/** The angle from the model's side view to the face's, radians, + up. */
function nod(mesh: readonly Point3[], roll: number, yaw: number): number {
  const seen = RIGID.map((n) => turn(at(mesh, MESH_TO_68[n] ?? -1), roll, yaw));
  const model = RIGID.map((n) => ({ x: 0, y: FACE_MODEL[3 * n + 1] ?? 0, z: FACE_MODEL[3 * n + 2] ?? 0 }));
  const [a, b] = [centre(model), centre(seen)];
  let along = 0;
  let across = 0;
  model.forEach((m, n) => {
    const s = seen[n] ?? b;
    along += (m.y - a.y) * (s.y - b.y) + (m.z - a.z) * (s.z - b.z);
    across += (m.y - a.y) * (s.z - b.z) - (m.z - a.z) * (s.y - b.y);
  });
  return Math.atan2(-across, along);
}

function centre(points: readonly Point3[]): Point3 {
  const mean = (of: (p: Point3) => number) => points.reduce((sum, p) => sum + of(p), 0) / points.length;
  return { x: mean((p) => p.x), y: mean((p) => p.y), z: mean((p) => p.z) };
}

/** Undoes roll (about the line of sight) and yaw (about the vertical), in radians. */
function turn(p: Point3, roll: number, yaw: number): Point3 {
  const x = Math.cos(roll) * p.x + Math.sin(roll) * p.y;
  const y = Math.cos(roll) * p.y - Math.sin(roll) * p.x;
  return { x: Math.cos(yaw) * x - Math.sin(yaw) * p.z, y, z: Math.sin(yaw) * x + Math.cos(yaw) * p.z };
}

function at(mesh: readonly Point3[], index: number): Point3 {
  const point = mesh[index];
  if (!point) throw new RangeError('The mesh has fewer points than expected');
  return point;
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
