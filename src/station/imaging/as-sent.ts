import type { RenditionSpec } from '#platforms/contract';
import type { Box, Inspection, Point } from '#shared/measures';
import { frame, headIn, headOf, masterCrop } from './geometry.ts';

/**
 * What was seen in a picture, told of the rendition a platform is sent (pure): where the face lies and how large it is change with the crop, light
 * and pose do not. What the rendition only adds does not count: pixels that enlarging makes, and the repeated edge that fills a missing margin.
 * Without a face, or without a known size, the inspection itself.
 */
export function asSent(inspection: Inspection, spec: RenditionSpec): Inspection {
  const head = headOf(inspection);
  if (head === null || inspection.box === null) return inspection;
  const crop = masterCrop(head, inspection);
  const { inside, extend } = frame(headIn(head, crop, 1), crop, spec);
  const cut: Box = {
    x: crop.x + inside.x - extend.left,
    y: crop.y + inside.y - extend.top,
    width: inside.width + extend.left + extend.right,
    height: inside.height + extend.top + extend.bottom,
  };
  const scale = spec.height / cut.height;
  const point = ({ x, y }: Point): Point => ({ x: (x - cut.x) * scale, y: (y - cut.y) * scale });
  const rectangle = (box: Box): Box => ({ ...point(box), width: box.width * scale, height: box.height * scale });
  const { eyes, measures } = inspection;
  const box = rectangle(inspection.box);
  const eyeDistance = measures.interEyeDistance;
  const room = (before: number | null, pixels: number): number | null =>
    before === null || eyeDistance === null ? before : Math.min(before, pixels / (eyeDistance * scale));
  const share = (value: number | null) => (value === null ? null : (value * inspection.height) / cut.height);
  return {
    ...inspection,
    width: spec.width,
    height: spec.height,
    faces: inspection.faces.map((face) => ({ ...face, box: rectangle(face.box) })),
    box,
    head: inspection.head ? rectangle(inspection.head) : null,
    eyes: eyes && { left: point(eyes.left), right: point(eyes.right) },
    measures: {
      ...measures,
      faceSize: share(measures.faceSize),
      headSize: share(measures.headSize),
      interEyeDistance: eyeDistance === null ? null : eyeDistance * Math.min(1, scale),
      centreX: (box.x + box.width / 2) / spec.width,
      centreY: (box.y + box.height / 2) / spec.height,
      marginLeft: room(measures.marginLeft, box.x),
      marginRight: room(measures.marginRight, spec.width - box.x - box.width),
      marginAbove: room(measures.marginAbove, box.y),
      marginBelow: room(measures.marginBelow, spec.height - box.y - box.height),
    },
  };
}
