import { create } from 'zustand';
import type { EnrolmentView, PhotoView } from '#shared/contract';
import type { Fault } from '#shared/fault';
import type { Person } from '#shared/person';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import { emptyDraft, type PersonDraft } from '../lib/person-draft.ts';
import { useDeliveries } from './deliveries.ts';

export type Screen = 'welcome' | 'capture' | 'review' | 'details' | 'receipts';

/** The station's limit for one picture (contract.ts, `photo.submit`). */
export const MAX_PHOTO_BYTES = 50 * 1024 * 1024;

export type Photo =
  | { status: 'none' }
  | { status: 'checking'; source: 'camera' | 'file'; localUrl: string }
  | { status: 'checked'; source: 'camera' | 'file'; localUrl: string; view: PhotoView; previewUrl: string | null }
  | { status: 'failed'; source: 'camera' | 'file'; localUrl: string | null; fault: Fault };

interface SessionState {
  screen: Screen;
  photo: Photo;
  draft: PersonDraft;
  /** The enrolment whose receipts are shown. */
  enrolment: EnrolmentView | null;
  /** Whether `draft` is of the person whose receipts are shown, so that another picture can be taken for them. */
  ownDraft: boolean;
  go(screen: Screen): void;
  submitPhoto(bytes: Uint8Array<ArrayBuffer>, type: string, source: 'camera' | 'file'): Promise<void>;
  submitFile(file: File): Promise<void>;
  /** Forgets the picture, here and in the station, and goes to the camera. */
  retake(): void;
  editDraft(change: Partial<PersonDraft>): void;
  enrol(person: Person, to: string[]): Promise<void>;
  showEnrolment(view: EnrolmentView): void;
  /** Wipes picture and person from this page and goes to the start. */
  reset(): void;
}

/** One person's way through the station. Picture and person live here and nowhere else on this page. */
export const useSession = create<SessionState>((set, get) => {
  /** Counts pictures, so that a late answer about an older one is dropped. */
  let turn = 0;

  function dropPhoto(): void {
    turn += 1;
    const { photo } = get();
    if (photo.status !== 'none' && photo.localUrl) URL.revokeObjectURL(photo.localUrl);
    if (photo.status === 'checked') {
      if (photo.previewUrl) URL.revokeObjectURL(photo.previewUrl);
      if (photo.view.token) discard(photo.view.token);
    }
    set({ photo: { status: 'none' } });
  }

  return {
    screen: 'welcome',
    photo: { status: 'none' },
    draft: emptyDraft(),
    enrolment: null,
    ownDraft: false,

    go(screen) {
      set({ screen });
    },

    async submitPhoto(bytes, type, source) {
      dropPhoto();
      const mine = turn;
      const localUrl = URL.createObjectURL(new Blob([bytes], { type }));
      set({ screen: 'review', photo: { status: 'checking', source, localUrl } });
      try {
        const view = await bridge.call('photo.submit', { bytes, source });
        if (mine !== turn) {
          if (view.token) discard(view.token);
          return;
        }
        const previewUrl = view.preview
          ? URL.createObjectURL(new Blob([view.preview as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }))
          : null;
        // The bytes are not needed once they have their URL.
        set({ photo: { status: 'checked', source, localUrl, view: { ...view, preview: null }, previewUrl } });
      } catch (error) {
        if (mine === turn) set({ photo: { status: 'failed', source, localUrl, fault: faultOf(error) } });
      } finally {
        wipe(bytes);
      }
    },

    async submitFile(file) {
      const refuse = (code: string, message: string) => {
        dropPhoto();
        const fault: Fault = { kind: 'validation', code, message };
        set({ screen: 'review', photo: { status: 'failed', source: 'file', localUrl: null, fault } });
      };
      if (file.size === 0) return refuse('file-empty', 'the file is empty');
      if (file.size > MAX_PHOTO_BYTES) return refuse('file-too-big', 'the file is larger than 50 MB');
      let bytes: Uint8Array<ArrayBuffer>;
      try {
        bytes = new Uint8Array(await file.arrayBuffer());
      } catch {
        return refuse('photo', 'the file cannot be read');
      }
      await get().submitPhoto(bytes, file.type, 'file');
    },

    retake() {
      dropPhoto();
      set({ screen: 'capture', enrolment: null });
    },

    editDraft(change) {
      set((state) => ({ draft: { ...state.draft, ...change } }));
    },

    async enrol(person, to) {
      const { photo } = get();
      const token = photo.status === 'checked' ? photo.view.token : null;
      if (token === null) throw new Error('no accepted picture');
      const enrolment = await bridge.call('enrolment.create', { photo: token, person, to });
      useDeliveries.getState().takeEnrolment(enrolment);
      set({ screen: 'receipts', enrolment, ownDraft: true });
    },

    showEnrolment(enrolment) {
      set({ screen: 'receipts', enrolment, ownDraft: false });
    },

    reset() {
      dropPhoto();
      set({ screen: 'welcome', draft: emptyDraft(), enrolment: null, ownDraft: false });
    },
  };
});

function discard(token: string): void {
  // Already gone or unreachable: the station forgets pictures without an enrolment by itself.
  bridge.call('photo.discard', { token }).catch(() => undefined);
}

function wipe(bytes: Uint8Array): void {
  // In Electron the buffer may have been handed over and be detached: then there is nothing left to wipe.
  if (bytes.byteLength > 0) bytes.fill(0);
}
