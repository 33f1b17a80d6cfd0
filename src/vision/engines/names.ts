/** face-api.js' detectors: TinyFaceDetector at three input sizes, and SSD MobileNet v1. */
export const FACE_API_DETECTORS = ['tiny-224', 'tiny-320', 'tiny-416', 'ssd'] as const;
export type FaceApiDetector = (typeof FACE_API_DETECTORS)[number];

/** The engines there are: the station's own first, the same that is never content with a quick look, and others to be measured beside it (docs/decisions/001-face-engine.md). */
export const ENGINES = ['human', 'human-thorough', ...FACE_API_DETECTORS] as const;
export type EngineName = (typeof ENGINES)[number];
