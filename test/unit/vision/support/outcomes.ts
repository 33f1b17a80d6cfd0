import { type FoundFace, type Inspection, type Measures, unknownMeasures } from '#shared/measures';
import { judge, PRESET_CRITERIA } from '#shared/quality';
import type { Label } from '#vision/node/bench/labels';
import type { Outcome } from '#vision/node/bench/outcome';

/** A label with what matters to a test; all else is unknown. */
export function label(file: string, known: Partial<Label> = {}): Label {
  return {
    line: 2,
    file,
    source: '',
    expectedFaces: null,
    yaw: null,
    pitch: null,
    roll: null,
    poseKind: '',
    poseBand: '',
    ied: null,
    expectedVerdict: 'pass',
    rejectReasons: [],
    category: '',
    notes: '',
    ...known,
  };
}

/** What became of a labelled picture: judged with one limit a measure of the standard preset, for the measures given. */
export function outcome(of: Label, measures: Partial<Measures>, faces = 1): Outcome {
  const face: FoundFace = { box: { x: 0, y: 0, width: 1, height: 1 }, score: 1, relativeSize: 1 };
  const inspection: Inspection = {
    width: 100,
    height: 100,
    faces: Array.from({ length: faces }, () => face),
    box: null,
    eyes: null,
    measures: { ...unknownMeasures(), ...measures },
    ms: 1,
  };
  const judged = Object.keys(measures);
  const criteria = Object.fromEntries(
    Object.entries(PRESET_CRITERIA.standard).filter(([measure]) => judged.includes(measure)),
  );
  return { label: of, inspection, ...judge(inspection, criteria) };
}
