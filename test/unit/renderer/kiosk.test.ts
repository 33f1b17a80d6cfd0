import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KIOSK_PURPOSES } from '#shared/calls/kiosk';
import type { PlatformView } from '#shared/contract';
import { FaultError } from '#shared/fault';

const calls: { name: string; input: unknown }[] = [];
let answers: Record<string, () => unknown> = {};
vi.mock('../../../src/renderer/bridge.ts', () => ({
  bridge: {
    call: async (name: string, input: unknown) => {
      calls.push({ name, input });
      return answers[name]?.();
    },
    on: () => () => undefined,
    connection: () => ({ state: 'open' }),
    onConnection: () => () => undefined,
  },
  keepGate: () => undefined,
}));

const { useKiosk } = await import('../../../src/renderer/stores/kiosk.ts');
const { useSession } = await import('../../../src/renderer/stores/session.ts');
const { useStation } = await import('../../../src/renderer/stores/station.ts');
const { useDeliveries } = await import('../../../src/renderer/stores/deliveries.ts');
const { offeredPurposes } = await import('../../../src/renderer/lib/kiosk-offer.ts');
const { voiceFor } = await import('../../../src/renderer/lib/voice.ts');

const platform = (id: string, capabilities: string[]): PlatformView => ({
  id,
  kind: 'device',
  title: id,
  host: 'h',
  capabilities,
  required: { staff: [], visitor: [] },
});
const STAFF_ONLY = platform('hcp', []);
const BOTH = platform('gate', ['visitor']);
const VIEW = { id: 'e1', code: 'S1', name: 'Anna Lim', kind: 'staff', createdAt: 1, deliveries: [] };

const { tell } = useKiosk.getState();
const step = () => useKiosk.getState().flow.step;

/** To the form, with an accepted picture and something typed. */
async function toDetails(purpose: 'visit' | 'staff' | 'reenrol'): Promise<void> {
  tell({ type: 'begin', language: 'en' });
  tell({ type: 'choose', purpose });
  tell({ type: 'agree', version: 'en-1' });
  await useSession.getState().submitPhoto(new Uint8Array([1, 2]), 'image/jpeg', 'camera');
  // Whoever types a code alone sees their picture beside it.
  expect(step()).toBe(purpose === 'reenrol' ? 'details' : 'confirm');
  tell({ type: 'use' });
  useSession.getState().editDraft({ code: 'S1', family: 'Lim' });
}

beforeEach(() => {
  answers = {
    'photo.submit': () => ({ token: 't1', accepted: true, faces: 1, reasons: [], predictions: {}, preview: null }),
    'enrolment.create': () => VIEW,
    'kiosk.reenrol': () => ({ id: 'e2' }),
  };
  useStation.setState({ platforms: [STAFF_ONLY, BOTH] });
  useKiosk.getState().clear();
  calls.length = 0;
});

describe('the kiosk', () => {
  it('enrols with what was agreed to, never over somebody who is there', async () => {
    await toDetails('staff');
    await useKiosk.getState().send({ kind: 'staff', code: 'S1', name: { family: 'Lim' } }, ['gate']);
    expect(step()).toBe('done');
    expect(calls.find(({ name }) => name === 'enrolment.create')?.input).toMatchObject({
      photo: 't1',
      onExisting: 'stop',
      consent: { version: 'en-1' },
    });
  });

  it('hands in the picture of somebody known by their code alone', async () => {
    await toDetails('reenrol');
    await useKiosk.getState().sendKnown('S1');
    expect(step()).toBe('done');
    expect(calls.at(-1)).toMatchObject({ name: 'kiosk.reenrol', input: { code: 'S1', photo: 't1' } });
  });

  it('keeps everything when it could not be sent, and takes a new picture when that one is gone', async () => {
    await toDetails('staff');
    const person = { kind: 'staff', code: 'S1', name: { family: 'Lim' } } as const;
    answers['enrolment.create'] = () => {
      throw new FaultError({ kind: 'unreachable', code: 'station', message: 'gone' });
    };
    await useKiosk.getState().send(person, ['gate']);
    expect(step()).toBe('details');
    expect(useKiosk.getState().fault).toMatchObject({ code: 'station' });
    expect(useSession.getState()).toMatchObject({ draft: { code: 'S1' }, photo: { status: 'checked' } });
    answers['enrolment.create'] = () => {
      throw new FaultError({ kind: 'validation', code: 'photo', message: 'gone', field: 'photo' });
    };
    await useKiosk.getState().send(person, ['gate']);
    expect(step()).toBe('capture');
    expect(useSession.getState().draft.code).toBe('S1');
  });

  it('asks again where what was agreed to does not hold any more, and keeps what was typed', async () => {
    await toDetails('staff');
    answers['enrolment.create'] = () => {
      throw new FaultError({ kind: 'validation', code: 'consent', message: 'stale', field: 'consent' });
    };
    await useKiosk.getState().send({ kind: 'staff', code: 'S1', name: { family: 'Lim' } }, ['gate']);
    expect(useKiosk.getState().flow).toMatchObject({ step: 'consent', consent: null });
    expect(useKiosk.getState().fault).toMatchObject({ field: 'consent' });
    expect(useSession.getState().draft.code).toBe('S1');
  });

  it('leaves nothing of anybody when it ends, in the page and in the station', async () => {
    await toDetails('staff');
    tell({ type: 'finish' });
    expect(useSession.getState()).toMatchObject({ photo: { status: 'none' }, draft: { code: '', family: '' } });
    expect(calls.at(-1)).toEqual({ name: 'photo.discard', input: { token: 't1' } });
    await toDetails('staff');
    await useKiosk.getState().send({ kind: 'staff', code: 'S1', name: { family: 'Lim' } }, ['gate']);
    tell({ type: 'finish' });
    expect(useSession.getState()).toMatchObject({ enrolment: null, known: null });
    expect(useDeliveries.getState()).toMatchObject({ recent: [], latest: {} });
  });

  it('leaves nothing of an answer that comes when nobody waits for it any more', async () => {
    await toDetails('staff');
    let answer = (_: unknown): void => undefined;
    answers['enrolment.create'] = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const sent = useKiosk.getState().send({ kind: 'staff', code: 'S1', name: { family: 'Lim' } }, ['gate']);
    tell({ type: 'finish' });
    answer(VIEW);
    await sent;
    expect(step()).toBe('attract');
    expect(useSession.getState().enrolment).toBeNull();
    expect(useDeliveries.getState().recent).toEqual([]);
  });

  it('offers a purpose where a system takes such people', () => {
    expect(offeredPurposes(KIOSK_PURPOSES, [STAFF_ONLY], null)).toEqual(['staff', 'reenrol']);
    expect(offeredPurposes(KIOSK_PURPOSES, [STAFF_ONLY, BOTH], null)).toEqual(KIOSK_PURPOSES);
    expect(offeredPurposes(KIOSK_PURPOSES, [STAFF_ONLY, BOTH], ['hcp'])).toEqual(['staff', 'reenrol']);
    expect(offeredPurposes(['visit'], [STAFF_ONLY], null)).toEqual([]);
  });

  it('gives a visitor a code and the rest of the day, and others an empty form', () => {
    tell({ type: 'begin', language: 'en' });
    tell({ type: 'choose', purpose: 'visit' });
    const { draft } = useSession.getState();
    expect(draft).toMatchObject({ kind: 'visitor', code: expect.stringMatching(/^V\w{11}$/) });
    expect(draft.fields['visit.to']).toMatch(/T/);
    tell({ type: 'back' });
    tell({ type: 'choose', purpose: 'staff' });
    expect(useSession.getState().draft).toMatchObject({ kind: 'staff', code: '', fields: {} });
  });
});

describe('a voice', () => {
  const voice = (lang: string, localService: boolean, more = {}) => ({ lang, localService, default: false, ...more });
  it('is one of this machine, in the language, the exact one first', () => {
    const voices = [voice('en_GB', true), voice('zh-CN', false), voice('en-US', false, { default: true })];
    expect(voiceFor(voices, 'en')).toBe(voices[0]);
    expect(voiceFor(voices, 'zh-CN')).toBeNull();
    const more = [voice('zh-HK', true), voice('zh-CN', true), voice('zh_CN', true, { default: true })];
    expect(voiceFor(more, 'zh-CN')).toBe(more[2]);
    expect(voiceFor(more.slice(0, 1), 'zh-CN')).toBe(more[0]);
  });
});
