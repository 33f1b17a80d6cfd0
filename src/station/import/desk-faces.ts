import type { Inspector } from '../api.ts';
import type { Journal } from '../journal/index.ts';
import { descriptorText } from './descriptor-text.ts';

export interface DeskFacesDeps {
  journal: Pick<Journal, 'imports'>;
  inspector: Inspector;
  /** Whether the site compares tables with people enrolled at the desk. */
  isOn(): boolean;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Whether people stand at this station: then they have the processor first. */
  attended: boolean;
  /** Aborted when the station closes. */
  closing: AbortSignal;
  /** A face could not be described, or not be kept. */
  troubled(error: unknown): void;
}

/** Nobody is enrolled for so long before a face is described: whoever stands at the desk or a kiosk has the processor first. */
const QUIET_MS = 5_000;
/** Pictures that wait at once; more than that came in one go, and the oldest is not described. */
const MOST = 50;

/**
 * Describes the faces of people enrolled at the desk, or one by one by a command, in numbers, one after another, in the background; so that a table's rows can be compared
 * with them. Off, it forgets all of them.
 */
export function createDeskFaces({ journal, inspector, isOn, sleep, attended, closing, troubled }: DeskFacesDeps) {
  const waiting: { enrolment: string; code: string; bytes: Uint8Array }[] = [];
  let working: Promise<void> | null = null;
  let arrivals = 0;

  const describe = async ({ enrolment, code, bytes }: (typeof waiting)[number]): Promise<void> => {
    try {
      const described = await inspector.describe?.({ bytes }, closing);
      // It may have been switched off while the picture was looked at.
      if (described?.descriptor && isOn())
        journal.imports.keepDeskFace(enrolment, code, descriptorText(described.descriptor));
    } catch (error) {
      if (!closing.aborted) troubled(error);
    } finally {
      bytes.fill(0);
    }
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0 && !closing.aborted) {
      const seen = arrivals;
      if (attended) await sleep(QUIET_MS, closing).catch(() => undefined);
      if (seen !== arrivals) continue;
      const next = waiting.shift();
      if (next !== undefined && !closing.aborted) await describe(next);
    }
    forgetWaiting();
  };
  const forgetWaiting = (): void => {
    for (const { bytes } of waiting.splice(0)) bytes.fill(0);
  };

  return {
    /** Somebody was enrolled at the desk. Returns at once. @param photo copied: its owner wipes it */
    enrolled(enrolment: string, code: string, photo: Uint8Array): void {
      if (!isOn() || inspector.describe === undefined || closing.aborted) return;
      arrivals += 1;
      waiting.push({ enrolment, code, bytes: Uint8Array.from(photo) });
      if (waiting.length > MOST) waiting.shift()?.bytes.fill(0);
      working ??= work().finally(() => {
        working = null;
      });
    },

    /** The switch may stand otherwise now: off, everything known is forgotten. */
    settled(): void {
      if (isOn()) return;
      forgetWaiting();
      journal.imports.forgetDeskFaces();
    },

    /** Resolves when nothing is being described any more. */
    async ended(): Promise<void> {
      await working;
    },
  };
}
