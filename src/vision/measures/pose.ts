import type { Point3 } from '../contract.ts';
import { MESH, MIRRORED } from '../engines/mesh-points.ts';

/** Degrees: yaw + a face turned to image-left, pitch + up, roll + clockwise in the image. */
export interface Pose {
  yaw: number;
  pitch: number;
  roll: number;
}

/**
 * The lean of the line from chin to forehead in a face that looks straight ahead, degrees: the mean of frontal portraits,
 * from which single people differ by 4.6 (standard deviation, their own small nods included).
 */
const LEAN = -2;

/**
 * The pose of a head from points with depth.
 *
 * Faces are symmetric: the lines between mirrored points are all parallel to the head's left–right axis, whoever it is,
 * so their sum gives yaw and roll without a model of the face. Pitch is the lean of the midline seen along that axis.
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
  const top = at(mesh, MESH.foreheadTop);
  const bottom = at(mesh, MESH.chin);
  const up = turn({ x: top.x - bottom.x, y: top.y - bottom.y, z: top.z - bottom.z }, roll, yaw);
  return { yaw: degrees(yaw), pitch: degrees(Math.atan2(up.z, -up.y)) - LEAN, roll: degrees(roll) };
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
