import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import type { Station } from '#station/index';
import { labStation, person } from '../faults/support/lab-station.ts';
import { portrait } from '../fixtures/faces.ts';
import { temporaryDir } from '../unit/station/support/station.ts';

/** What the platforms of the lab answer, over HTTP, beside what the station foretold of the very same picture. */

let lab: Lab;
let bytes: Buffer;
beforeAll(async () => {
  [lab, bytes] = await Promise.all([startLab(), portrait()]);
});
afterAll(() => lab.close());

let dir: ReturnType<typeof temporaryDir>;
let station: Station;
beforeEach(async () => {
  dir = temporaryDir();
  station = await labStation(dir.path, lab.config);
});
afterEach(async () => {
  await station.close();
  dir.remove();
  await lab.reset();
});

const enrol = async (code: string, to: string[]) => {
  const { enrolment } = await station.enrol({ photo: { bytes }, person: { ...person, code }, to });
  const signal = new AbortController().signal;
  await station.outbox.run({ signal, ...(enrolment && { enrolment: enrolment.id }) });
};
const told = () =>
  station.diagnostics.summary().map(({ platform, answers, agreed, lenient, strict, measures }) => ({
    platform,
    counts: [answers, agreed, lenient, strict],
    measures: measures.map(({ measure, codes }) => [measure, ...codes]),
  }));

test('pictures that are taken as foretold are counted, and nothing else is kept of them', async () => {
  const all = ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'];
  await enrol('TP1', all);
  expect(told()).toEqual(all.toSorted().map((platform) => ({ platform, counts: [1, 1, 0, 0], measures: [] })));
  expect(station.diagnostics.csv().trimEnd().split('\r\n')).toHaveLength(1);
});

test('a refusal nobody foresaw is told with measure, value and code; a second try of the same is no second one', async () => {
  const poor: [platform: string, measure: string | null, code: string][] = [
    ['device', 'confidence', '30002'],
    ['hikconnect', null, 'CCF038062'],
    ['megvii', 'brightness', '101055'],
    ['senselink', 'brightness', '10404'],
  ];
  for (const [platform] of poor) await lab.order({ platform, mode: 'poor-photo' });
  const platforms = poor.map(([platform]) => platform);
  await enrol('TP1', platforms);
  for (const { id } of station.outbox.list({ states: ['refused'] })) station.outbox.retry(id);
  await station.outbox.run({ signal: new AbortController().signal });
  expect(told()).toEqual(
    poor.map(([platform, measure, code]) => ({ platform, counts: [1, 0, 1, 0], measures: [[measure, code]] })),
  );

  // Then it is taken: another answer, and it agrees.
  await lab.clearFaults();
  for (const { id } of station.outbox.list({ states: ['refused'] })) station.outbox.retry(id);
  await station.outbox.run({ signal: new AbortController().signal });
  expect(told().map(({ counts }) => counts)).toEqual(poor.map(() => [2, 1, 1, 0]));
});

test('what is kept names nobody, outlives the person, and is forgotten when asked', async () => {
  await lab.order({ platform: 'senselink', mode: 'wrong-answer', path: 'recognition/quality', body: WRONG_YAW });
  await enrol('TP1', ['senselink']);
  const csv = station.diagnostics.csv();
  expect(csv).toMatch(/,senselink,senselink,lenient,yaw,0,-20,20,pass,1030302,/);
  await lab.clearFaults();
  await station.remove('TP1', ['all'], new AbortController().signal);
  expect(station.diagnostics.csv()).toBe(csv);
  expect(csv).not.toMatch(/TP1|Lim|Anna/);
  station.diagnostics.clear('senselink');
  expect(told()).toEqual([]);
  expect([...station.audit.rows()].at(-1)).toMatchObject({ action: 'quality-clear', platform: 'senselink' });
});

test('a picture that did not stay is a refusal the platform told late', async () => {
  await lab.order({ platform: 'hcp', mode: 'photo-lost', times: 1 });
  const { enrolment } = await station.enrol({ photo: { bytes }, person, to: ['hcp'] });
  const signal = new AbortController().signal;
  const deadlineMs = 8_000;
  await station.outbox.run({
    signal,
    until: 'settled',
    verify: true,
    deadlineMs,
    ...(enrolment && { enrolment: enrolment.id }),
  });
  expect(told()).toEqual([{ platform: 'hcp', counts: [2, 1, 1, 0], measures: [[null, 'no-photo']] }]);
});

const WRONG_YAW = {
  code: 200,
  message: 'OK',
  data: { qa_code: 1030302, qa_msg: 'BAN:the face pose yaw is substandard' },
};
