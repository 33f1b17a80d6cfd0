import { unknownMeasures } from '#shared/measures';
import type { FaceEngine } from '../../contract.ts';
import { createFaceApiEngine } from '../../engines/face-api.ts';
import { faceApi } from '../../engines/face-api-library.ts';
import { startTensorflow } from '../../engines/tensorflow.ts';
import { answerOrders } from '../answer.ts';
import { fromOrigin } from '../from-origin.ts';
import { createDesk } from '../pixels.ts';

/**
 * What the live worker is compared with: face-api.js' TinyFaceDetector at 224 and the 68 landmarks of every face, on each frame, and
 * nothing else. It speaks the live worker's protocol and brings frames to pixels in the same way, so that only the looking differs.
 */
let engine: FaceEngine | null = null;
const desk = createDesk();

answerOrders({
  async start(assetsUrl) {
    const began = performance.now();
    const load = fromOrigin(assetsUrl);
    // face-api.js knows pages and Node, and asks what a picture is by its classes; here it is only ever given tensors.
    const none = class {};
    faceApi.env.setEnv({ Canvas: OffscreenCanvas, Image: none, ImageData, Video: none });
    const backend = await startTensorflow(load);
    engine = await createFaceApiEngine(load, 'tiny-224');
    return { engine: engine.name, backend, warmUpMs: performance.now() - began };
  },
  async look(frame) {
    if (!engine) throw new Error('the engine is not ready');
    const began = performance.now();
    const picture = await desk.open(frame);
    const found = await engine.detect(picture);
    for (const detection of found) await engine.shape(picture, detection);
    const faces = found.map(({ box, score }) => ({ box, score, relativeSize: 1 }));
    const { width, height } = picture.source;
    const measures = unknownMeasures();
    return { width, height, faces, box: null, head: null, eyes: null, measures, ms: performance.now() - began };
  },
});
