import { create } from 'zustand';
import type { PresenceReport } from '#shared/calls/presence';
import type { EnrolmentView, PhotoView } from '#shared/contract';
import type { Fault } from '#shared/fault';
import type { Person } from '#shared/person';
import type { VisitView } from '#shared/visits';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import { draftOf, emptyDraft, type PersonDraft } from '../lib/person-draft.ts';
import { MAX_PHOTO_BYTES } from '../lib/photo-limit.ts';
import { draftOfVisit, newVisitor } from '../lib/visitor-draft.ts';
import { useDeliveries } from './deliveries.ts';
import { useGates } from './gates.ts';
import { usePeople } from './people.ts';
import { useStation } from './station.ts';
import { useVisits } from './visits.ts';

/** The screens of an enrolment, in their order. */
export type FlowScreen = 'capture' | 'review' | 'details' | 'receipts';
export type Screen = 'welcome' | FlowScreen | 'people' | 'person' | 'today' | 'gates' | 'import' | 'settings';

export type Photo =
  | { status: 'none' }
  | { status: 'checking'; source: 'camera' | 'file'; localUrl: string }
  | { status: 'checked'; source: 'camera' | 'file'; localUrl: string; view: PhotoView; previewUrl: string | null }
  | { status: 'failed'; source: 'camera' | 'file'; localUrl: string | null; fault: Fault };

/** Why a file never reaches the station, and in English what that is. */
const FILE_PROBLEMS = {
  'file-empty': 'the file is empty',
  'file-too-big': 'the file is larger than 50 MB',
  several: 'several files at once',
  folder: 'a folder',
  photo: 'the file cannot be read',
} as const;
export type FileProblem = keyof typeof FILE_PROBLEMS;

/** Somebody the station knows already and who is enrolled once more. */
export interface Known {
  person: Person;
  name: string;
  /** Where they are to be enrolled. */
  to: string[];
  /** Whether the picture the station still has is sent, instead of a new one. */
  stored: boolean;
  /** Whether they came from their page: then their code is who they are and cannot be typed over. */
  fromPage: boolean;
}

interface SessionState {
  screen: Screen;
  /** Where Settings leads back to. */
  behind: Exclude<Screen, 'settings'>;
  known: Known | null;
  photo: Photo;
  draft: PersonDraft;
  /** The enrolment whose receipts are shown. */
  enrolment: EnrolmentView | null;
  /** Whether `draft` is of the person whose receipts are shown, so that another picture can be taken for them. */
  ownDraft: boolean;
  go(screen: Screen): void;
  submitPhoto(
    bytes: Uint8Array<ArrayBuffer>,
    type: string,
    source: 'camera' | 'file',
    presence?: PresenceReport,
  ): Promise<void>;
  submitFile(file: File, presence?: PresenceReport): Promise<void>;
  /** Says why what was chosen or dropped is not sent to the station at all. */
  refuseFile(problem: FileProblem): void;
  /** Forgets the picture, here and in the station, and goes to the camera. */
  retake(): void;
  /** From the camera back to where it was opened. */
  leaveCapture(): void;
  editDraft(change: Partial<PersonDraft>): void;
  /** `consent`: what the person has just agreed to. `onExisting`: `stop` where nobody who is there already may be changed. */
  enrol(person: Person, to: string[], consent?: { version: string; at: number }, onExisting?: 'stop'): Promise<void>;
  /** Takes a new picture of somebody known. */
  reenrol(person: Person, name: string, to: string[]): void;
  /** Enrols somebody known on other platforms with the picture the station still has. Rejects with `photo-gone` where it has none. */
  deliverStored(person: Person, name: string, to: string[]): Promise<void>;
  /** Takes the picture of somebody of whom this much is known. */
  begin(draft: PersonDraft): void;
  /** Takes the picture of a visitor: one who is expected, or (null) who walks in. */
  welcomeVisitor(visit: VisitView | null): void;
  showEnrolment(view: EnrolmentView): void;
  openSettings(): void;
  closeSettings(): void;
  /** Wipes picture and person from this page and goes to the start. */
  reset(): void;
}

/** Screens about people who do not stand here now. */
const ABOUT_OTHERS: ReadonlySet<Screen> = new Set(['people', 'person', 'today', 'gates', 'import']);

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

  const know = (person: Person, name: string, to: string[], stored: boolean): Known => {
    const known = { person, name, to, stored, fromPage: true };
    dropPhoto();
    set({ known, draft: draftOf(person, to), enrolment: null });
    return known;
  };

  return {
    screen: 'welcome',
    behind: 'welcome',
    known: null,
    photo: { status: 'none' },
    draft: emptyDraft(),
    enrolment: null,
    ownDraft: false,

    go(screen) {
      // Whoever looks at people, or at tables of them, is done with the picture and the details before.
      if (ABOUT_OTHERS.has(screen)) {
        dropPhoto();
        set({ known: null, draft: emptyDraft(), enrolment: null, ownDraft: false });
      }
      if (screen === 'people') usePeople.getState().forget('shown');
      set({ screen });
    },

    async submitPhoto(bytes, type, source, presence) {
      dropPhoto();
      const mine = turn;
      const localUrl = URL.createObjectURL(new Blob([bytes], { type }));
      set({ screen: 'review', photo: { status: 'checking', source, localUrl } });
      try {
        const view = await bridge.call('photo.submit', { bytes, source, ...(presence && { presence }) });
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

    refuseFile(problem) {
      dropPhoto();
      const fault: Fault = { kind: 'validation', code: problem, message: FILE_PROBLEMS[problem] };
      set({ screen: 'review', photo: { status: 'failed', source: 'file', localUrl: null, fault } });
    },

    async submitFile(file, presence) {
      const { refuseFile } = get();
      if (file.size === 0) return refuseFile('file-empty');
      if (file.size > MAX_PHOTO_BYTES) return refuseFile('file-too-big');
      let bytes: Uint8Array<ArrayBuffer>;
      try {
        bytes = new Uint8Array(await file.arrayBuffer());
      } catch {
        return refuseFile('photo');
      }
      await get().submitPhoto(bytes, file.type, 'file', presence);
    },

    retake() {
      dropPhoto();
      set(({ known }) => ({ screen: 'capture', enrolment: null, known: known && { ...known, stored: false } }));
    },

    leaveCapture() {
      if (get().known?.fromPage) get().go('person');
      else get().reset();
    },

    editDraft(change) {
      set((state) => ({ draft: { ...state.draft, ...change } }));
    },

    async enrol(person, to, consent, onExisting) {
      const { photo, known } = get();
      // Somebody else's code is somebody else, of whom the station has no picture.
      const same = known !== null && known.person.code === person.code;
      const token = photo.status === 'checked' ? photo.view.token : null;
      if (token === null && !(same && known.stored)) throw new Error('no accepted picture');
      const enrolment = same
        ? await bridge.call('people.enrol', {
            code: person.code,
            photo: known.stored ? null : token,
            to,
            ...(person !== known.person && { person }),
            ...(consent && { consent }),
          })
        : await bridge.call('enrolment.create', {
            photo: token ?? '',
            person,
            to,
            ...(consent && { consent }),
            ...(onExisting && { onExisting }),
          });
      useDeliveries.getState().takeEnrolment(enrolment);
      set({
        screen: 'receipts',
        enrolment,
        ownDraft: true,
        // What has to be corrected now can be sent again with the picture the station has.
        known: { person, name: enrolment.name, to, stored: true, fromPage: same && known.fromPage },
      });
    },

    reenrol(person, name, to) {
      know(person, name, to, false);
      set({ screen: 'capture' });
    },

    async deliverStored(person, name, to) {
      know(person, name, to, true);
      await get().enrol(person, to);
    },

    begin(draft) {
      dropPhoto();
      set({ screen: 'capture', known: null, draft, enrolment: null, ownDraft: false });
    },

    welcomeVisitor(visit) {
      const { workdayEnds } = useStation.getState().settings;
      get().begin(visit ? draftOfVisit(visit, Date.now(), workdayEnds) : newVisitor(Date.now(), workdayEnds));
    },

    showEnrolment(enrolment) {
      set({ screen: 'receipts', enrolment, ownDraft: false });
    },

    openSettings() {
      const { screen } = get();
      if (screen !== 'settings') set({ screen: 'settings', behind: screen });
    },

    closeSettings() {
      set({ screen: get().behind });
    },

    reset() {
      dropPhoto();
      usePeople.getState().forget('everybody');
      useVisits.getState().forget();
      useGates.getState().forget('everybody');
      useDeliveries.getState().forget();
      set({ screen: 'welcome', behind: 'welcome', known: null, draft: emptyDraft(), enrolment: null, ownDraft: false });
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
