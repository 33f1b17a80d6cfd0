import type { Consent, KioskPurpose } from '#shared/calls/kiosk';
import type { Language } from '#shared/languages';

/**
 * One person's way through the kiosk, as a state machine without clock, page or station of its own. What the person typed and the picture
 * are kept elsewhere (`session.ts`); they are wiped whenever the way is back at `attract`.
 *
 *     attract → purpose → consent → capture → checking → confirm → details → sending → done
 *                           ↓ ↑        ↑         └→ retry ┘           ↑         └→ (refused) ┘
 *                         declined     └──────────── (from confirm, retry, details)
 */
export const KIOSK_STEPS = [
  'attract',
  'purpose',
  'consent',
  'declined',
  'capture',
  'checking',
  'retry',
  'confirm',
  'details',
  'sending',
  'done',
] as const;
export type KioskStep = (typeof KIOSK_STEPS)[number];

export interface KioskFlow {
  step: KioskStep;
  /** Of this person; null is the station's. */
  language: Language | null;
  purpose: KioskPurpose | null;
  /** What they agreed to. */
  consent: Consent | null;
  /** When somebody was last there, ms. */
  seenAt: number;
  /** Whether they are asked if they are still there. */
  warned: boolean;
  /** Whether the station answers. Nobody begins while it does not. */
  online: boolean;
}

export type KioskEvent =
  | { type: 'begin'; language: Language }
  | { type: 'choose'; purpose: KioskPurpose }
  | { type: 'agree'; version: string }
  | { type: 'decline' }
  | { type: 'back' }
  /** A picture was taken, and the station looks at it. */
  | { type: 'taken' }
  | { type: 'judged'; accepted: boolean }
  | { type: 'retake' }
  | { type: 'use' }
  | { type: 'send' }
  | { type: 'sent' }
  /** Nothing was written: everything is still here and can be sent again. */
  | { type: 'unsent' }
  /** The station has no use for the picture any more. */
  | { type: 'photo-gone' }
  /** What was agreed to does not hold any more: it is asked again. */
  | { type: 'consent-gone' }
  | { type: 'speak'; language: Language }
  /** Somebody is there: a touch, a key, a face before the camera. */
  | { type: 'seen' }
  | { type: 'tick' }
  | { type: 'connection'; online: boolean }
  | { type: 'finish' };

export interface KioskOptions {
  purposes: readonly KioskPurpose[];
  idleMs: number;
}

/** So long before the end somebody is asked whether they are still there. */
export const WARNING_MS = 15_000;
/** How long the last screen stays for whoever says nothing: long enough to read, too short for the next one to read it. */
export const DONE_MS = 20_000;

export function startKiosk(now: number): KioskFlow {
  return {
    step: 'attract',
    language: null,
    purpose: null,
    consent: null,
    seenAt: now,
    warned: false,
    online: true,
  };
}

/** The state after an event at a time. Events that mean nothing at a step change nothing. */
export function stepKiosk(flow: KioskFlow, event: KioskEvent, now: number, options: KioskOptions): KioskFlow {
  switch (event.type) {
    case 'tick':
      return idle(flow, now, options);
    case 'connection':
      return flow.online === event.online ? flow : { ...flow, online: event.online };
    case 'seen':
      // What nobody has to answer must not be kept open by whoever walks past.
      return flow.step === 'attract' ? flow : seen(flow, now);
    case 'speak':
      return flow.step === 'attract' ? flow : { ...seen(flow, now), language: event.language };
    case 'finish':
      return flow.step === 'attract' ? flow : over(flow, now);
    default: {
      const next = move(flow, event, now, options);
      return next === null ? flow : next.step === 'attract' ? over(flow, now) : seen(next, now);
    }
  }
}

const seen = (flow: KioskFlow, now: number): KioskFlow => ({ ...flow, seenAt: now, warned: false });
/** The next person: nothing of the last one is left. */
const over = (flow: KioskFlow, now: number): KioskFlow => ({ ...startKiosk(now), online: flow.online });

type Move = Exclude<KioskEvent, { type: 'tick' | 'connection' | 'seen' | 'speak' | 'finish' }>;

/** Where a step leads; null where the event means nothing there. */
function move(flow: KioskFlow, event: Move, now: number, { purposes }: KioskOptions): KioskFlow | null {
  const to = (step: KioskStep, more: Partial<KioskFlow> = {}): KioskFlow => ({ ...flow, ...more, step });
  const only = purposes.length === 1 ? purposes[0] : undefined;
  switch (`${flow.step} ${event.type}`) {
    case 'attract begin': {
      if (!flow.online || purposes.length === 0) return null;
      const { language } = event as Extract<Move, { type: 'begin' }>;
      // A choice of one is no choice.
      return only ? to('consent', { language, purpose: only }) : to('purpose', { language });
    }
    case 'purpose choose': {
      const { purpose } = event as Extract<Move, { type: 'choose' }>;
      return purposes.includes(purpose) ? to('consent', { purpose }) : null;
    }
    case 'consent agree': {
      const { version } = event as Extract<Move, { type: 'agree' }>;
      return to('capture', { consent: { version, at: now } });
    }
    case 'consent decline':
      return to('declined', { consent: null });
    case 'capture taken':
      return to('checking');
    case 'checking judged': {
      const { accepted } = event as Extract<Move, { type: 'judged' }>;
      // Whoever comes for a new picture types a code beside it: one look serves both.
      return to(!accepted ? 'retry' : flow.purpose === 'reenrol' ? 'details' : 'confirm');
    }
    case 'confirm use':
      return to('details');
    case 'retry retake':
    case 'confirm retake':
    case 'details retake':
    case 'details photo-gone':
    case 'sending photo-gone':
      return to('capture');
    case 'sending consent-gone':
      return to('consent', { consent: null });
    case 'details send':
      return to('sending');
    case 'sending sent':
      return to('done');
    case 'sending unsent':
      return to('details');
    case 'purpose back':
      return to('attract');
    case 'declined back':
      return to('consent');
    case 'consent back':
      return only ? to('attract') : to('purpose', { purpose: null });
    // What was agreed to can be read again, and taken back.
    case 'capture back':
    case 'retry back':
      return to('consent', { consent: null });
    case 'details back':
      return flow.purpose === 'reenrol' ? to('consent', { consent: null }) : to('confirm');
    default:
      return null;
  }
}

/** Nobody waits at `attract`, and what is being looked at or sent is not given up for want of a touch. */
function idle(flow: KioskFlow, now: number, { idleMs }: KioskOptions): KioskFlow {
  const { step, seenAt, warned } = flow;
  if (step === 'attract') return flow;
  if (step === 'checking' || step === 'sending') return { ...flow, seenAt: now, warned: false };
  const away = now - seenAt;
  if (step === 'done' || step === 'declined') return away >= DONE_MS ? over(flow, now) : flow;
  if (away >= idleMs) return over(flow, now);
  const warn = away >= Math.max(0, idleMs - WARNING_MS);
  return warn === warned ? flow : { ...flow, warned: warn };
}

/** Seconds until the way ends by itself, never below zero; null where it does not. */
export function secondsLeft(flow: KioskFlow, now: number, { idleMs }: Pick<KioskOptions, 'idleMs'>): number | null {
  if (flow.step === 'attract' || flow.step === 'checking' || flow.step === 'sending') return null;
  const whole = flow.step === 'done' || flow.step === 'declined' ? DONE_MS : idleMs;
  return Math.max(0, Math.ceil((flow.seenAt + whole - now) / 1000));
}
