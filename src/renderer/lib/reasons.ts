import type { PhotoView } from '#shared/contract';
import { type Advice, adviceList } from '#shared/guidance';
import { type MeasureName, unknownMeasures } from '#shared/measures';
import type { Reason } from '#shared/quality';

/** What to do about a refused picture, most important first, each once. Measures this page does not know are left out. */
export function adviceForPhoto(reasons: PhotoView['reasons']): Advice[] {
  const known = reasons.flatMap((reason): Reason[] =>
    isMeasure(reason.measure) ? [{ ...reason, measure: reason.measure }] : [],
  );
  const list = adviceList(known).map((entry) => entry.advice);
  // Without a face, or with several, the rest is about whichever face happened to be looked at.
  const [first] = list;
  return first === 'no-face' || first === 'one-person' ? [first] : list;
}

const MEASURES: ReadonlySet<string> = new Set(Object.keys(unknownMeasures()));

function isMeasure(name: string): name is MeasureName | 'faces' {
  return name === 'faces' || MEASURES.has(name);
}
