import type { operatorCalls } from '#shared/calls/operators';
import type { CallName } from '#shared/channels';
import type { Handlers } from '#shared/contract';
import type { Seat } from '../api.ts';
import { auditCsv } from '../audit-csv.ts';
import { writing } from '../disk.ts';
import type { Journal } from '../journal/index.ts';
import type { SupervisorPin } from '../pin.ts';
import type { Roster } from './roster.ts';
import type { Seats } from './seats.ts';

export interface OperatorHandlerDeps {
  journal: Journal;
  roster: Roster;
  seats: Seats;
  pin: SupervisorPin;
  actor(): string;
  now(): number;
}

type OperatorCall = Extract<CallName, keyof typeof operatorCalls>;

/** The calls about who is at the desk, for one seat. The gate has decided before whether they may be made. */
export function operatorHandlers(
  { journal, roster, seats, pin, actor, now }: OperatorHandlerDeps,
  seat: Seat,
): Pick<Handlers, OperatorCall | 'pin.check'> {
  return {
    'pin.check': async ({ pin: given }) => {
      if (roster.isSetUp()) await roster.identify(seats.own(seat).label, given);
      else await pin.demand(given);
      return undefined;
    },
    'operators.status': async () => seats.status(seat),
    'operators.signIn': ({ label, pin: given }) => seats.signIn(seat, label, given),
    'operators.signOut': async ({ lock }) => {
      seats.signOut(seat, lock);
      return undefined;
    },
    'operators.active': async () => {
      seats.active(seat);
      return undefined;
    },
    'operators.approve': async ({ label, pin: given, call }) => {
      await seats.approve(seat, label, given, call);
      return undefined;
    },
    'operators.add': async ({ label, role, pin: given, supervisorPin }) => {
      const first = !roster.isSetUp();
      // Else anybody at the desk could make themselves administrator past the PIN that is set.
      if (first) await pin.demand(supervisorPin);
      const made = await roster.add({ label, role, pin: given, mustBeFirst: first });
      if (first) seats.seated(seat, made);
      return { label: made.label, role: made.role };
    },
    'operators.setRole': async ({ label, role }) => roster.setRole(label, role),
    'operators.changePin': async ({ current, pin: next }) => {
      const { label } = seats.own(seat);
      await roster.identify(label, current);
      await roster.setPin(label, next);
      return undefined;
    },
    'operators.resetPin': async ({ label, pin: next }) => {
      await roster.setPin(label, next);
      return undefined;
    },
    'operators.remove': async ({ label }) => {
      roster.remove(label);
      return undefined;
    },
    'kiosk.enter': async () => {
      seats.enterKiosk(seat);
      return undefined;
    },
    'kiosk.leave': async ({ label, pin: given }) => {
      await seats.leaveKiosk(seat, label, given);
      return undefined;
    },
    'audit.export': async () => {
      // Told first, so that the file itself says who took it.
      writing(() => journal.audit.append({ actor: actor(), action: 'audit-export', outcome: 'done' }, now()));
      return { csv: [...auditCsv(journal.audit.rows())].join('') };
    },
  };
}
