import { describe, expect, it } from 'vitest';
import { KIOSK_PURPOSES } from '#shared/calls/kiosk';
import {
  DONE_MS,
  KIOSK_STEPS,
  type KioskEvent,
  type KioskFlow,
  type KioskOptions,
  type KioskStep,
  secondsLeft,
  startKiosk,
  stepKiosk,
  WARNING_MS,
} from '../../../src/renderer/stores/kiosk-flow.ts';

const IDLE = 60_000;
const OPTIONS: KioskOptions = { purposes: KIOSK_PURPOSES, idleMs: IDLE };
const BEGIN: KioskEvent = { type: 'begin', language: 'zh-CN' };
const CHOOSE: KioskEvent = { type: 'choose', purpose: 'visit' };
const AGREE: KioskEvent = { type: 'agree', version: 'en-1' };
const GOOD: KioskEvent = { type: 'judged', accepted: true };
const BAD: KioskEvent = { type: 'judged', accepted: false };
const bare = (...types: Extract<KioskEvent, { type: KioskEvent['type'] }>['type'][]) =>
  types.map((type) => ({ type }) as KioskEvent);

function walk(events: readonly KioskEvent[], options = OPTIONS, from = startKiosk(0)): KioskFlow {
  return events.reduce((flow, event) => stepKiosk(flow, event, 1000, options), from);
}

/** A way to each step. */
const WAYS: Record<KioskStep, readonly KioskEvent[]> = {
  attract: [],
  purpose: [BEGIN],
  consent: [BEGIN, CHOOSE],
  declined: [BEGIN, CHOOSE, ...bare('decline')],
  capture: [BEGIN, CHOOSE, AGREE],
  checking: [BEGIN, CHOOSE, AGREE, ...bare('taken')],
  retry: [BEGIN, CHOOSE, AGREE, ...bare('taken'), BAD],
  confirm: [BEGIN, CHOOSE, AGREE, ...bare('taken'), GOOD],
  details: [BEGIN, CHOOSE, AGREE, ...bare('taken'), GOOD, ...bare('use')],
  sending: [BEGIN, CHOOSE, AGREE, ...bare('taken'), GOOD, ...bare('use', 'send')],
  done: [BEGIN, CHOOSE, AGREE, ...bare('taken'), GOOD, ...bare('use', 'send', 'sent')],
};

const EVENTS: readonly KioskEvent[] = [
  BEGIN,
  CHOOSE,
  AGREE,
  GOOD,
  BAD,
  ...bare(
    'decline',
    'back',
    'taken',
    'retake',
    'use',
    'send',
    'sent',
    'unsent',
    'photo-gone',
    'consent-gone',
    'finish',
  ),
];

/** Where each step leads by each event; what is not here changes nothing. Written down again: a change of the machine shows here. */
const LEADS: Record<KioskStep, Partial<Record<string, KioskStep>>> = {
  attract: { begin: 'purpose' },
  purpose: { choose: 'consent', back: 'attract', finish: 'attract' },
  consent: { agree: 'capture', decline: 'declined', back: 'purpose', finish: 'attract' },
  declined: { back: 'consent', finish: 'attract' },
  capture: { taken: 'checking', back: 'consent', finish: 'attract' },
  checking: { 'judged good': 'confirm', 'judged bad': 'retry', finish: 'attract' },
  retry: { retake: 'capture', back: 'consent', finish: 'attract' },
  confirm: { use: 'details', retake: 'capture', finish: 'attract' },
  details: { send: 'sending', back: 'confirm', retake: 'capture', 'photo-gone': 'capture', finish: 'attract' },
  sending: {
    sent: 'done',
    unsent: 'details',
    'photo-gone': 'capture',
    'consent-gone': 'consent',
    finish: 'attract',
  },
  done: { finish: 'attract' },
};

describe('the way through the kiosk', () => {
  it.each(KIOSK_STEPS)('reaches %s, and from there goes where it should and nowhere else', (step) => {
    const flow = walk(WAYS[step]);
    expect(flow.step).toBe(step);
    for (const event of EVENTS) {
      const name = event.type === 'judged' ? `judged ${event.accepted ? 'good' : 'bad'}` : event.type;
      const next = stepKiosk(flow, event, 2000, OPTIONS);
      expect(next.step, name).toBe(LEADS[step][name] ?? step);
      if (LEADS[step][name] === undefined) expect(next, name).toBe(flow);
    }
  });

  it('keeps who somebody is until the end, and nothing after it', () => {
    const done = walk(WAYS.done);
    expect(done).toMatchObject({ language: 'zh-CN', purpose: 'visit', consent: { version: 'en-1', at: 1000 } });
    expect(stepKiosk(done, { type: 'finish' }, 5000, OPTIONS)).toEqual(startKiosk(5000));
  });

  it('shows the picture beside the code to whoever comes for a new one', () => {
    const known = [BEGIN, { type: 'choose', purpose: 'reenrol' }, AGREE, ...bare('taken')] as const;
    expect(walk([...known, GOOD]).step).toBe('details');
    expect(walk([...known, BAD]).step).toBe('retry');
    expect(walk([...known, GOOD, ...bare('back')])).toMatchObject({ step: 'consent', consent: null });
  });

  it('takes an agreement back with the text', () => {
    expect(walk([...WAYS.capture, { type: 'back' }]).consent).toBeNull();
    expect(walk([...WAYS.retry, { type: 'back' }]).consent).toBeNull();
    expect(walk(WAYS.declined).consent).toBeNull();
  });

  it('does not ask where there is one purpose, and offers none that is not', () => {
    const only: KioskOptions = { ...OPTIONS, purposes: ['staff'] };
    const flow = walk([BEGIN], only);
    expect(flow).toMatchObject({ step: 'consent', purpose: 'staff' });
    expect(stepKiosk(flow, { type: 'back' }, 0, only).step).toBe('attract');
    expect(walk([BEGIN, CHOOSE], { ...OPTIONS, purposes: ['staff', 'reenrol'] }).step).toBe('purpose');
    expect(walk([BEGIN], { ...OPTIONS, purposes: [] }).step).toBe('attract');
  });

  it('begins with nobody while the station does not answer, and loses nobody who has begun', () => {
    const off: KioskEvent = { type: 'connection', online: false };
    expect(walk([off, BEGIN]).step).toBe('attract');
    expect(walk([off, { type: 'connection', online: true }, BEGIN]).step).toBe('purpose');
    const details = walk([...WAYS.details, off]);
    expect(details).toMatchObject({ step: 'details', online: false });
    // What could not be sent is still here and can be sent again.
    expect(walk(bare('send', 'unsent'), OPTIONS, details)).toMatchObject({ step: 'details', purpose: 'visit' });
    expect(stepKiosk(details, { type: 'finish' }, 0, OPTIONS)).toMatchObject({ step: 'attract', online: false });
  });

  it('speaks another language at every step but the first', () => {
    for (const step of KIOSK_STEPS) {
      const flow = stepKiosk(walk(WAYS[step]), { type: 'speak', language: 'en' }, 1000, OPTIONS);
      expect(flow).toMatchObject({ step, language: step === 'attract' ? null : 'en' });
    }
  });
});

describe('somebody who goes away', () => {
  const tick = (flow: KioskFlow, at: number) => stepKiosk(flow, { type: 'tick' }, at, OPTIONS);
  const waiting = KIOSK_STEPS.filter((step) => !['attract', 'checking', 'sending', 'done', 'declined'].includes(step));

  it.each(waiting)('is warned at %s, then forgotten', (step) => {
    const flow = walk(WAYS[step]);
    expect(tick(flow, 1000 + IDLE - WARNING_MS - 1)).toBe(flow);
    const warned = tick(flow, 1000 + IDLE - WARNING_MS);
    expect(warned).toMatchObject({ step, warned: true });
    expect(tick(warned, 1000 + IDLE - 1)).toBe(warned);
    expect(secondsLeft(warned, 1000 + IDLE - 9_500, OPTIONS)).toBe(10);
    expect(tick(warned, 1000 + IDLE)).toEqual(startKiosk(1000 + IDLE));
  });

  it('stays when they say so', () => {
    const warned = tick(walk(WAYS.details), 1000 + IDLE - 1);
    const stays = stepKiosk(warned, { type: 'seen' }, 1000 + IDLE - 1, OPTIONS);
    expect(stays).toMatchObject({ step: 'details', warned: false });
    expect(tick(stays, 1000 + IDLE).step).toBe('details');
  });

  it('is not forgotten while the station works for them', () => {
    for (const step of ['checking', 'sending'] as const) {
      const flow = tick(walk(WAYS[step]), 1000 + 10 * IDLE);
      expect(flow).toMatchObject({ step, warned: false });
      expect(secondsLeft(flow, 0, OPTIONS)).toBeNull();
    }
    // And has the whole time when it is done.
    const back = stepKiosk(tick(walk(WAYS.sending), 900_000), { type: 'unsent' }, 900_000, OPTIONS);
    expect(tick(back, 900_000 + IDLE - WARNING_MS - 1).warned).toBe(false);
  });

  it.each(['done', 'declined'] as const)('leaves %s to the next one without being asked', (step) => {
    const flow = walk(WAYS[step]);
    expect(tick(flow, 1000 + DONE_MS - 1)).toBe(flow);
    expect(tick(flow, 1000 + DONE_MS)).toEqual(startKiosk(1000 + DONE_MS));
  });

  it('is nobody at the first screen', () => {
    const flow = startKiosk(0);
    expect(tick(flow, 10 * IDLE)).toBe(flow);
    expect(stepKiosk(flow, { type: 'seen' }, 10, OPTIONS)).toBe(flow);
    expect(secondsLeft(flow, 10, OPTIONS)).toBeNull();
  });
});
