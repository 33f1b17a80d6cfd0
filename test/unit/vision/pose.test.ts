import { describe, expect, it } from 'vitest';
import type { Point3 } from '#vision/contract';
import { MESH_TO_68, MIRRORED } from '#vision/engines/mesh-points';
import { FACE_MODEL } from '#vision/measures/face-model';
import { poseOfMesh } from '#vision/measures/pose';

const rad = (degrees: number) => (degrees * Math.PI) / 180;

/** What the fit takes for level is this much above the mean face. */
const LEVEL = -0.8;

/** The mean face turned by pitch, then yaw, then roll (degrees; signs as in `Pose`), shifted into a picture. */
function head(yaw: number, pitch: number, roll: number, change: (mesh: Point3[]) => void = () => {}): Point3[] {
  const mesh: Point3[] = Array.from({ length: 468 }, () => ({ x: 0, y: 0, z: 0 }));
  MIRRORED.forEach(([left, right], n) => {
    const half = 20 + 2 * n;
    mesh[left] = { x: -half, y: 3 * n - 40, z: n };
    mesh[right] = { x: half, y: 3 * n - 40, z: n };
  });
  MESH_TO_68.forEach((to, n) => {
    const [x = 0, y = 0, z = 0] = FACE_MODEL.slice(3 * n, 3 * n + 3);
    mesh[to] = { x: 60 * x, y: 60 * y, z: 60 * z };
  });
  change(mesh);
  const nod = rad(pitch + LEVEL);
  return mesh.map(({ x, y, z }) => {
    // Chin up: the forehead goes back (z grows).
    const y1 = y * Math.cos(nod) + z * Math.sin(nod);
    const z1 = z * Math.cos(nod) - y * Math.sin(nod);
    // Turned to image-left: the image-right side comes nearer (z shrinks).
    const x2 = x * Math.cos(rad(yaw)) + z1 * Math.sin(rad(yaw));
    const z2 = z1 * Math.cos(rad(yaw)) - x * Math.sin(rad(yaw));
    return {
      x: 320 + x2 * Math.cos(rad(roll)) - y1 * Math.sin(rad(roll)),
      y: 240 + x2 * Math.sin(rad(roll)) + y1 * Math.cos(rad(roll)),
      z: z2,
    };
  });
}

describe('poseOfMesh', () => {
  it.each([
    [0, 0, 0],
    [30, 0, 0],
    [-30, 0, 0],
    [0, 20, 0],
    [0, -20, 0],
    [0, 0, 25],
    [0, 0, -25],
    [20, -15, 10],
    [-40, 12, -33],
    [10, 5, 170],
  ])('finds yaw %d, pitch %d, roll %d', (yaw, pitch, roll) => {
    const pose = poseOfMesh(head(yaw, pitch, roll));
    expect(pose.yaw).toBeCloseTo(yaw, 5);
    expect(pose.pitch).toBeCloseTo(pitch, 5);
    expect(pose.roll).toBeCloseTo(roll, 5);
  });

  it('takes a smile and an open mouth for no nod', () => {
    // Indices of the 68: mouth corners, lips and chin.
    const loose = [4, 5, 6, 7, 8, 9, 10, 11, 12, ...Array.from({ length: 20 }, (_, n) => 48 + n)];
    const laughing = head(0, 0, 0, (mesh) => {
      for (const n of loose) {
        const point = mesh[MESH_TO_68[n] ?? -1];
        if (point) Object.assign(point, { y: point.y + 25, z: point.z + 10 });
      }
    });
    expect(poseOfMesh(laughing).pitch).toBeCloseTo(0, 5);
  });

  it('refuses a mesh that is too short', () => {
    expect(() => poseOfMesh([])).toThrow(RangeError);
  });
});
