import { create } from 'zustand';
import type { Fault } from '#shared/fault';
import type { Person } from '#shared/person';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import { offeredPurposes } from '../lib/kiosk-offer.ts';
import { emptyDraft } from '../lib/person-draft.ts';
import { newVisitor } from '../lib/visitor-draft.ts';
import { hush } from '../lib/voice.ts';
import { useDeliveries } from './deliveries.ts';
import { type KioskEvent, type KioskFlow, type KioskOptions, startKiosk, stepKiosk } from './kiosk-flow.ts';
import { useSession } from './session.ts';
import { useStation } from './station.ts';

interface KioskState {
  flow: KioskFlow;
  /** Why the last sending failed. */
  fault: Fault | null;
  /** Instructions are spoken for whoever stands there; null is as the settings say. */
  voice: boolean | null;
  tell(event: KioskEvent): void;
  setVoice(on: boolean): void;
  /** Writes the enrolment of whoever stands there. Their details stay where they are when it fails. */
  send(person: Person, to: string[]): Promise<void>;
  /** Hands in a new picture of somebody known. */
  sendKnown(code: string): Promise<void>;
  /** Ends whatever was begun and forgets it. */
  clear(): void;
}

/** What has to be asked for again, by the field a refusal names. */
const GONE: Readonly<Record<string, 'photo-gone' | 'consent-gone'>> = {
  photo: 'photo-gone',
  consent: 'consent-gone',
};

export function kioskOptions(): KioskOptions {
  const { settings, platforms } = useStation.getState();
  const purposes = offeredPurposes(settings.kioskPurposes, platforms, settings.targets);
  return { purposes, idleMs: settings.kioskIdleSeconds * 1000 };
}

/** The kiosk's state machine with a clock, and the wiping that belongs to its end. */
export const useKiosk = create<KioskState>((set, get) => {
  function wipe(): void {
    hush();
    useSession.getState().reset();
    useDeliveries.getState().forgetAll();
    set({ fault: null, voice: null });
  }

  /** Sends by `work`; what comes too late, because somebody ended it, leaves nothing behind. */
  async function sending(work: () => Promise<unknown>): Promise<void> {
    get().tell({ type: 'send' });
    if (get().flow.step !== 'sending') return;
    set({ fault: null });
    try {
      await work();
      if (get().flow.step === 'sending') get().tell({ type: 'sent' });
      else wipe();
    } catch (error) {
      const fault = faultOf(error);
      if (get().flow.step !== 'sending') return;
      set({ fault });
      get().tell({ type: GONE[fault.field ?? ''] ?? 'unsent' });
    }
  }

  return {
    flow: startKiosk(Date.now()),
    fault: null,
    voice: null,

    tell(event) {
      const before = get().flow;
      const flow = stepKiosk(before, event, Date.now(), kioskOptions());
      if (flow === before) return;
      if (flow.step === 'attract' && before.step !== 'attract') leaveField();
      set({ flow });
      if (flow.step === before.step) return;
      hush();
      if (flow.step === 'attract') wipe();
      // A new picture is a new try; a purpose chosen anew is a new form.
      if (flow.step === 'capture') useSession.getState().retake();
      if (event.type === 'agree') set({ fault: null });
      if (flow.step === 'consent' && flow.purpose && flow.purpose !== before.purpose)
        useSession
          .getState()
          .editDraft(flow.purpose === 'visit' ? newVisitor(Date.now(), workdayEnds()) : emptyDraft());
    },

    setVoice(on) {
      if (!on) hush();
      set({ voice: on });
    },

    send: (person, to) =>
      sending(() => useSession.getState().enrol(person, to, get().flow.consent ?? undefined, 'stop')),

    sendKnown: (code) =>
      sending(async () => {
        const { photo } = useSession.getState();
        const { consent } = get().flow;
        const token = photo.status === 'checked' ? photo.view.token : null;
        if (token === null || consent === null) throw new Error('no accepted picture');
        await bridge.call('kiosk.reenrol', { code, photo: token, consent });
      }),

    clear() {
      set({ flow: startKiosk(Date.now()) });
      wipe();
    },
  };
});

/**
 * The field somebody typed in is left before it goes: React keeps the one that has the focus, and all of its form with what stands in it, until
 * another one is focused.
 */
function leaveField(): void {
  const field = globalThis.document?.activeElement;
  if (field && 'blur' in field && typeof field.blur === 'function') field.blur();
}

const workdayEnds = (): string => useStation.getState().settings.workdayEnds;

// The session knows when a picture was taken and what the station said of it.
useSession.subscribe(({ photo }, before) => {
  if (photo.status === before.photo.status) return;
  const { tell } = useKiosk.getState();
  if (photo.status === 'checking') tell({ type: 'taken' });
  else if (photo.status === 'checked') tell({ type: 'judged', accepted: photo.view.accepted });
  else if (photo.status === 'failed') tell({ type: 'judged', accepted: false });
});
