/**
 * Which of FaceMesh's 468 points are which part of a face (the numbering of MediaPipe's published mesh;
 * "left" and "right" are of the image, so an upright face that looks at us has its own right eye at image-left).
 */

/** The iBUG 68-point scheme picked from the mesh, in its order. */
export const MESH_TO_68: readonly number[] = [
  127, 234, 93, 132, 58, 172, 150, 176, 152, 400, 379, 397, 288, 361, 323, 454, 356, 70, 63, 105, 66, 107, 336, 296,
  334, 293, 300, 168, 197, 5, 4, 98, 97, 2, 326, 327, 33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380, 61, 39,
  37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87,
];

/** Points that mirror each other across the face's middle: image-left, image-right. */
export const MIRRORED: readonly (readonly [number, number])[] = [
  [33, 263],
  [133, 362],
  [61, 291],
  [234, 454],
  [127, 356],
  [93, 323],
  [132, 361],
  [58, 288],
  [172, 397],
  [136, 365],
  [150, 379],
  [149, 378],
  [70, 300],
  [63, 293],
  [105, 334],
  [66, 296],
  [107, 336],
  [50, 280],
  [205, 425],
  [98, 327],
  [129, 358],
  [116, 345],
  [123, 352],
  [147, 376],
  [187, 411],
  [54, 284],
  [21, 251],
  [162, 389],
  [103, 332],
];

/** The rim of the face, clockwise from the top of the forehead. */
export const FACE_OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
  172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/** Parts of the face as polygons of mesh points: where skin, mouth and eyes are looked for. */
export const ZONES = {
  forehead: [109, 10, 338, 337, 336, 9, 107, 108],
  noseBridge: [122, 6, 351, 399, 437, 217, 174],
  nose: [48, 115, 131, 134, 51, 5, 281, 363, 360, 344, 278, 294, 327, 2, 98, 64],
  leftCheek: [36, 205, 187, 123, 50, 101],
  rightCheek: [266, 425, 411, 352, 280, 330],
  upperLip: [92, 165, 167, 164, 393, 391, 322, 270, 269, 267, 0, 37, 39, 40],
  chin: [204, 424, 418, 421, 396, 175, 171, 201, 194],
  lips: [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146],
  aroundLeftEye: [226, 247, 225, 224, 223, 222, 221, 189, 244, 233, 232, 231, 230, 229, 228, 31],
  aroundRightEye: [446, 467, 445, 444, 443, 442, 441, 413, 464, 453, 452, 451, 450, 449, 448, 261],
  leftEye: [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
  rightEye: [263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249],
} as const satisfies Record<string, readonly number[]>;

export type Zone = keyof typeof ZONES;
