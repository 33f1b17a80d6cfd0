import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLATFORMS } from '#platforms/index';
import { personSchema } from '#shared/person';
import type { Limit } from '#shared/quality';
import { adviceOn, type Disagreeing } from '../../../src/station/diagnostics/advice.ts';
import { type Answer, disagreementOf, type Expected, verdictOf } from '../../../src/station/diagnostics/agreement.ts';
import { disagreementsCsv } from '../../../src/station/diagnostics/csv.ts';
import { asSent } from '../../../src/station/imaging/as-sent.ts';
import { KEPT_DISAGREEMENTS } from '../../../src/station/journal/agreements.ts';
import { type Journal, openJournal } from '../../../src/station/journal/index.ts';
import { anna, inspection, temporaryDir } from './support/station.ts';

const passes: Expected = { prediction: null, live: null };
const foresees = (code: number): Expected => ({ prediction: { code, message: 'x' }, live: null });
const refused = (code: number | string): Answer => ({ code: String(code), message: 'y' });
const { megvii } = PLATFORMS;
const concerns = (code: string) => megvii.concerns?.(code, null) ?? [];

describe('prediction and answer', () => {
  it.each<[string, Expected, Answer]>([
    ['agreed', passes, null],
    ['agreed', foresees(101055), refused(101055)],
    ['strict', foresees(101055), null],
    ['lenient', passes, refused(101055)],
    ['other', foresees(101055), refused(101050)],
  ])('are %s', (verdict, expected, answer) => {
    expect(verdictOf(expected, answer)).toBe(verdict);
  });

  it('do not differ by the case of a code’s digits', () => {
    const expected = { prediction: { code: 'THD_ISAPI_0x6000603b', message: '' }, live: null };
    expect(verdictOf(expected, refused('THD_ISAPI_0x6000603B'))).toBe('agreed');
  });

  it('teach the measure nearest to its limit, its value and the limit believed in', () => {
    const look = inspection();
    const seen = { ...look, measures: { ...look.measures, eyesVisible: 0.55, occlusion: 0.05 } };
    expect(disagreementOf(passes, refused(101101), seen, concerns)).toEqual({
      verdict: 'lenient',
      measure: 'eyesVisible',
      value: 0.55,
      limit: { min: 0.5 },
      predicted: null,
      answered: '101101',
      message: 'y',
    });
    expect(disagreementOf(foresees(101055), null, look, concerns)).toMatchObject({
      verdict: 'strict',
      measure: 'brightness',
      value: 0.5,
      predicted: '101055',
      answered: null,
    });
  });

  it('name no measure for a code no measure tells of', () => {
    expect(disagreementOf(passes, refused(101066), inspection(), concerns)).toMatchObject({
      measure: null,
      value: null,
    });
    expect(disagreementOf(passes, refused(101055), null, concerns)).toMatchObject({
      measure: 'brightness',
      value: null,
    });
  });
});

describe('advice', () => {
  const about = (more: Partial<Disagreeing>): Disagreeing => ({
    verdict: 'lenient',
    measure: 'brightness',
    values: [0.151, 0.16, 0.158],
    count: 3,
    believed: { min: 0.2, max: 0.85 },
    current: { min: 0.15, max: 0.85 },
    ...more,
  });
  const told = (more: Partial<Disagreeing>) => {
    const { kind, limit } = adviceOn(about(more));
    return limit === null ? kind : { [kind]: limit };
  };

  it.each<[string, Partial<Disagreeing>, string | Record<string, Limit>]>([
    ['tightens to just inside what was refused', {}, { tighten: { min: 0.17, max: 0.85 } }],
    ['tightens the upper end', { values: [0.83, 0.84] }, { tighten: { min: 0.15, max: 0.82 } }],
    [
      'tightens each end of an angle by the values on its side',
      { measure: 'yaw', values: [-14.2, 12.5], believed: { min: -20, max: 20 }, current: { min: -20, max: 20 } },
      { tighten: { min: -14, max: 12 } },
    ],
    ['lets alone what today’s limit would have caught', { current: { min: 0.18, max: 0.85 } }, 'done'],
    ['does not chase values that any standard calls good', { values: [0.5, 0.6] }, 'unseen'],
    ['sets a limit where there was none', { current: null, values: [0.1] }, { tighten: { min: 0.11 } }],
    ['does not trim what the station frames itself', { measure: 'faceSize' }, 'framing'],
    ['does not trim what it does not measure', { measure: null, values: [] }, 'none'],
    ['does not trim the number of faces', { measure: 'faces', values: [1] }, 'none'],
    ['keeps a gate that lets through what is taken', { verdict: 'strict' }, 'keep'],
    [
      'widens a gate that has become stricter than the platform',
      { verdict: 'strict', values: [0.151, 0.19], current: { min: 0.25, max: 0.85 } },
      { relax: { min: 0.15, max: 0.85 } },
    ],
  ])('%s', (_what, more, expected) => {
    expect(told(more)).toEqual(expected);
  });

  it('says when there are too few to act on', () => {
    expect(adviceOn(about({ count: 2 })).few).toBe(true);
    expect(adviceOn(about({ count: 3 })).few).toBe(false);
  });
});

describe('the picture as it is sent', () => {
  const spec = { width: 600, height: 800, maxBytes: 1, headShare: 0.6 };

  it('has the face where the rendition puts it', () => {
    const look = inspection({ box: { x: 160, y: 420, width: 300, height: 390 } });
    const off = { ...look, eyes: { left: { x: 250, y: 580 }, right: { x: 370, y: 580 } } };
    const sent = asSent({ ...off, measures: { ...off.measures, centreX: 0.34, faceSize: 0.325 } }, spec);
    expect([sent.width, sent.height]).toEqual([600, 800]);
    expect(sent.measures.centreX).toBeCloseTo(0.5, 1);
    expect(sent.measures.faceSize).toBeGreaterThan(0.45);
    expect(sent.measures.brightness).toBe(look.measures.brightness);
    expect(sent.faces).toHaveLength(1);
  });

  it('gains nothing by enlarging, nor by an edge that is repeated', () => {
    const small = inspection({
      width: 90,
      height: 120,
      box: { x: 30, y: 42, width: 30, height: 39 },
      eyes: { left: { x: 39, y: 58 }, right: { x: 51, y: 58 } },
    });
    const seen = { ...small, measures: { ...small.measures, interEyeDistance: 12, marginLeft: -0.4 } };
    const { measures } = asSent(seen, spec);
    expect(measures.interEyeDistance).toBe(12);
    expect(measures.marginLeft).toBe(-0.4);
  });

  it('is the picture itself without a face', () => {
    const none = inspection({ faces: [], box: null, eyes: null });
    expect(asSent(none, spec)).toBe(none);
  });
});

describe('the journal', () => {
  const NOW = Date.UTC(2026, 0, 1, 10, 47, 12, 345);
  let dir: ReturnType<typeof temporaryDir>;
  let journal: Journal;
  beforeEach(() => {
    dir = temporaryDir();
    journal = openJournal(dir.path, Buffer.alloc(32, 7), NOW);
    journal.transaction(() => {
      const photo = { version: 'v', head: { centreX: 1, crown: 2, chin: 3 } };
      const ref = journal.records.insert({ id: 'e1', person: personSchema.parse(anna), photo }, NOW);
      const how = { onExisting: 'update', onSimilar: 'ask' };
      journal.deliveries.insert({ id: 'd1', enrolment: 'e1', person: ref, platform: 'box', ...how }, NOW);
      journal.inspections.write('e1', inspection());
      journal.agreements.expect('d1', passes);
    });
  });
  afterEach(() => {
    journal.close();
    dir.remove();
  });
  const hear = (answer: Answer) => {
    const expected = journal.agreements.expected('d1', answer);
    if (expected === null) return false;
    const lesson = disagreementOf(expected, answer, journal.inspections.find('e1'), concerns);
    journal.agreements.hear({ delivery: 'd1', platform: 'box', kind: 'megvii' }, answer, lesson, NOW);
    return true;
  };

  it('counts an answer once, however often it is given', () => {
    expect([hear(null), hear(null), hear(refused(101055)), hear(refused(101055))]).toEqual([true, false, true, false]);
    expect(journal.agreements.counts()).toMatchObject([
      { platform: 'box', agreed: 1, lenient: 1, strict: 0, other: 0 },
    ]);
    expect(journal.agreements.disagreements()).toMatchObject([
      { measure: 'brightness', value: 0.5, answered: '101055' },
    ]);
  });

  it('keeps times to the hour, and nothing that leads to anybody, also when they are erased', () => {
    hear(refused(101055));
    const before = JSON.stringify([journal.agreements.disagreements(), journal.agreements.counts()]);
    expect(before).not.toMatch(/e1|d1|TP012345|Anna/);
    expect(journal.agreements.disagreements()[0]?.at).toBe(Date.UTC(2026, 0, 1, 10));
    journal.records.forget(['e1']);
    expect(journal.inspections.find('e1')).toBeNull();
    expect(JSON.stringify([journal.agreements.disagreements(), journal.agreements.counts()])).toBe(before);
  });

  it('keeps no more than the latest of each platform', () => {
    const lesson = disagreementOf(passes, refused(101055), inspection(), concerns);
    journal.transaction(() => {
      for (let n = 0; n < KEPT_DISAGREEMENTS + 20; n += 1) {
        const platform = n % 100 === 0 ? 'gate' : 'box';
        journal.agreements.hear({ delivery: 'd1', platform, kind: 'megvii' }, refused(101055), lesson, NOW + n);
      }
      for (let n = 0; n < 20; n += 1)
        journal.agreements.hear({ delivery: 'd1', platform: 'box', kind: 'megvii' }, refused(n), lesson, NOW);
    });
    const rows = journal.agreements.disagreements();
    expect(rows.filter(({ platform }) => platform === 'box')).toHaveLength(KEPT_DISAGREEMENTS);
    expect(rows.filter(({ platform }) => platform === 'gate')).toHaveLength(6);
    expect(journal.agreements.clear('gate')).toBe(6);
    expect(journal.agreements.counts().map(({ platform }) => platform)).toEqual(['box']);
    journal.agreements.clear(null);
    expect([journal.agreements.counts(), journal.agreements.disagreements()]).toEqual([[], []]);
  });

  it('gives back what was seen, and nothing where that is damaged', () => {
    expect(journal.inspections.find('e1')?.measures).toMatchObject({ brightness: 0.5, yaw: 0 });
    expect(journal.inspections.find('e2')).toBeNull();
  });
});

it('a platform’s word cannot become a formula in a spreadsheet', () => {
  const row = { at: 0, platform: '=box', kind: 'megvii', verdict: 'lenient', measure: 'yaw', value: -12.5 } as const;
  const more = { limit: { min: -20 }, predicted: null, answered: '@1', message: '=cmd|x, "y"' };
  expect([...disagreementsCsv([{ ...row, ...more }])][1]).toBe(
    `1970-01-01T00:00:00.000Z,"'=box",megvii,lenient,yaw,-12.5,-20,,pass,"'@1","'=cmd|x, ""y"""\r\n`,
  );
});
