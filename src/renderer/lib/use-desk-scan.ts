import { useRef } from 'react';
import type { PersonDetail } from '#shared/people';
import { bridge } from '../bridge.ts';
import { usePeople } from '../stores/people.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import { useVisits } from '../stores/visits.ts';
import { faultOf } from './fault.ts';
import { emptyDraft } from './person-draft.ts';
import { meaningOf, type Scanned } from './scanned.ts';
import { useScanner } from './use-scanner.ts';
import { draftOfKnown } from './visitor-draft.ts';

/**
 * A code that is scanned at the desk does what is nearly always meant by it: a badge checks its visitor in or out, a staff card begins an
 * enrolment with the code filled in. `heard` comes first.
 */
export function useDeskScan(heard: () => void = () => undefined): void {
  const looking = useRef(false);
  // Scanned once more, a badge confirms what it was asked about.
  const asked = useVisits((state) => state.asked !== null);
  const follow = async (code: string): Promise<void> => {
    if (looking.current) return;
    looking.current = true;
    heard();
    try {
      const { scanned, detail } = await look(code);
      act(scanned, detail);
    } catch (error) {
      useSession.getState().go('today');
      useVisits.setState({ actionFault: faultOf(error) });
    } finally {
      looking.current = false;
    }
  };
  useScanner((code) => void follow(code), asked);
}

/** Visitors of the day need nobody else to be asked about. */
async function look(code: string): Promise<{ scanned: Scanned; detail: PersonDetail | null }> {
  const today = await bridge.call('visits.list', { when: 'today' });
  const scanned = meaningOf(code, today, null);
  if (scanned.what !== 'new') return { scanned, detail: null };
  const detail = await bridge.call('people.get', { code }).catch((error: unknown) => {
    if (faultOf(error).code === 'unknown-person') return null;
    throw error;
  });
  return { scanned: meaningOf(code, today, detail?.person ?? null), detail };
}

function act(scanned: Scanned, detail: PersonDetail | null): void {
  const { go, begin, reenrol, welcomeVisitor } = useSession.getState();
  const { asked, ask, checkIn, checkOut } = useVisits.getState();
  // Whatever was asked before is answered by going on with something else.
  ask(null);
  switch (scanned.what) {
    case 'leave':
      if (asked?.what === 'checkOut' && asked.visit.id === scanned.visit.id) {
        void checkOut(scanned.visit.id);
        break;
      }
      go('today');
      ask({ what: 'checkOut', visit: scanned.visit, scanned: true });
      break;
    case 'arrive':
      go('today');
      void checkIn(scanned.visit.id);
      break;
    case 'welcome':
      welcomeVisitor(scanned.visit);
      break;
    case 'again':
      begin(draftOfKnown(scanned.person, Date.now(), useStation.getState().settings.workdayEnds));
      break;
    case 'known':
      if (detail === null) break;
      void usePeople.getState().show(detail.code);
      reenrol(scanned.person, detail.name, placesOf(detail));
      break;
    case 'new':
      begin({ ...emptyDraft(), code: scanned.code });
      break;
    case 'nothing':
      break;
  }
}

/** Where somebody is and can be sent to again. */
const placesOf = ({ platforms }: PersonDetail): string[] =>
  platforms.filter(({ configured }) => configured).map(({ platform }) => platform);
