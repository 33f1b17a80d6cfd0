import { inspectPicture, type Picture } from '../core/picture.ts';
import { type Answer, failure, success } from './answers.ts';
import type { Form } from './form.ts';

/** Smallest side in pixels, mean luminance and Laplacian variance a picture needs; the document names no numbers. */
const limits = { side: 160, dark: 25, bright: 235, sharpness: 6 };

const messages = {
  0: 'PASS',
  10201: 'BAN:image size wrong,two small',
  10404: 'BAN:the face quality{brightness} is substandard',
  10405: 'BAN:the face quality{sharpness} is substandard',
} as const;

/** Below this spread of luminance in the middle there is nothing to see, so certainly no face. */
const featureless = 4;

/** Whether the platform would say "no face". The lab detects none; it only knows when there cannot be one. */
export function showsNothing(picture: Picture): boolean {
  return picture.centreDeviation < featureless;
}

function judge(picture: Picture, poor: () => boolean): { code: keyof typeof messages; desc: string } {
  if (Math.min(picture.width, picture.height) < limits.side)
    return { code: 10201, desc: `the image size is [${picture.width}x${picture.height}]` };
  if (picture.brightness < limits.dark || picture.brightness > limits.bright)
    return { code: 10404, desc: `the face quality brightness score is [${picture.brightness.toFixed(2)}]-float` };
  if (picture.sharpness < limits.sharpness)
    return { code: 10405, desc: `the face quality sharpness score is [${picture.sharpness.toFixed(2)}]-float` };
  // Asked last: a picture that is refused anyway does not use the order up.
  if (poor()) return { code: 10404, desc: 'the face quality brightness score is [0.11]-float' };
  return { code: 0, desc: '' };
}

/** `/api/v1/recognition/quality` (chapter 6.6.2). `poor`: the light is ordered to be wrong; codes of pose, mouth and the like are ordered as `wrong-answer`. */
export async function recognitionQuality(form: Form, poor: () => boolean): Promise<Answer> {
  const file = form.files.get('face_avatar');
  if (!file) return failure(30004, 'face_avatar');
  const picture = await inspectPicture(file.bytes);
  if (!picture) return failure(30005);
  if (showsNothing(picture)) return failure(30003, 'rpc.no-face-detect');
  const { code, desc } = judge(picture, poor);
  return success({ qa_code: code, qa_desc: desc, qa_msg: messages[code] });
}

/** `/api/v1/recognition/check` (chapter 6.6.1): sample and table disagree where the number stands, so it stands in both. */
export async function recognitionCheck(form: Form): Promise<Answer | (Answer & { face_number: number })> {
  const file = form.files.get('face_avatar');
  if (!file) return failure(30004, 'face_avatar');
  const picture = file.mimetype === 'image/jpeg' ? await inspectPicture(file.bytes) : null;
  if (picture?.format !== 'jpeg') return failure(30005);
  if (showsNothing(picture)) return failure(30003, 'rpc.no-face-detect');
  return { ...success(1), face_number: 1 };
}
