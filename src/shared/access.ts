import type { CallName, EventName } from './channels.ts';
import type { Received, Settings } from './contract.ts';
import { includesRole, type Role } from './operators.ts';

/**
 * Who may call what: the one table. `anyone`: also while nobody is signed in. `visitor`: also at a kiosk that nobody attends. A role: it
 * and those above it. Main decides by it before a handler runs; the page reads it to know whom to ask for.
 */
export type Level = 'anyone' | 'visitor' | Role;

const ORDER: readonly Level[] = ['anyone', 'visitor', 'operator', 'supervisor', 'administrator'];

/** A call's level; where it depends on what is asked, by the arguments. */
type Rule<N extends CallName> = Level | ((input: Received<N>) => Level);

/** Language and camera belong to whoever stands there; what decides about people and systems does not. */
const SETTINGS: { readonly [F in keyof Settings]: Level } = {
  language: 'anyone',
  cameraId: 'operator',
  mirror: 'operator',
  autoCapture: 'operator',
  preset: 'administrator',
  limits: 'administrator',
  retention: 'administrator',
  presence: 'administrator',
  targets: 'administrator',
  lockAfterMinutes: 'administrator',
  workdayEnds: 'administrator',
  compareDesk: 'administrator',
  kioskIdleSeconds: 'administrator',
  kioskPurposes: 'administrator',
  kioskConsent: 'administrator',
  kioskVoice: 'administrator',
  kioskRing: 'administrator',
  kioskKeyboard: 'administrator',
  kioskHosts: 'administrator',
};

/** Forcing what a platform doubts is a supervisor's. */
const forced = (input: { onSimilar: string }, otherwise: Level): Level =>
  input.onSimilar === 'force' ? 'supervisor' : otherwise;

const ACCESS: { readonly [N in CallName]: Rule<N> } = {
  'app.info': 'anyone',
  'settings.get': 'anyone',
  'settings.set': (patch) =>
    highest(
      (Object.keys(SETTINGS) as (keyof Settings)[])
        .filter((field) => patch[field] !== undefined)
        .map((field) => SETTINGS[field]),
    ),
  'quality.criteria': 'visitor',
  'quality.disagreements': 'operator',
  'quality.disagreements.export': 'supervisor',
  'quality.disagreements.clear': 'supervisor',
  'platforms.list': 'visitor',
  'platforms.test': 'operator',
  'selftest.step': 'operator',
  'site.get': 'administrator',
  'site.test': 'administrator',
  'site.certificate': 'administrator',
  'site.save': 'administrator',
  'site.remove': 'administrator',
  'person.check': 'visitor',
  'photo.submit': 'visitor',
  'photo.discard': 'visitor',
  // A visitor who types somebody's code must not put their own face in that person's place: at a kiosk what exists is asked about. And
  // where nobody attends, nobody else can have told them what they agree to.
  'enrolment.create': (input) =>
    forced(input, input.onExisting === 'update' || input.consent === undefined ? 'operator' : 'visitor'),
  'enrolment.get': 'visitor',
  'enrolment.list': 'operator',
  'delivery.retry': 'operator',
  'delivery.answer': ({ answer }) => (answer === 'force' ? 'supervisor' : 'operator'),
  // A visitor at a kiosk is shown nobody else's picture.
  'delivery.faces': 'operator',
  'outbox.platforms': 'operator',
  'outbox.held': 'operator',
  'people.find': 'operator',
  'people.get': 'operator',
  'people.enrol': (input) => forced(input, 'operator'),
  'people.verify': 'operator',
  'people.remove': 'supervisor',
  'people.export': 'supervisor',
  'vault.status': 'administrator',
  'vault.set': 'administrator',
  'vault.clear': 'administrator',
  'vault.test': 'administrator',
  'key.status': 'administrator',
  'key.change': 'administrator',
  'pin.status': 'anyone',
  'pin.set': 'administrator',
  'pin.check': 'operator',
  'audit.status': 'operator',
  'audit.export': 'supervisor',
  'operators.status': 'anyone',
  'operators.signIn': 'anyone',
  'operators.signOut': 'anyone',
  'operators.active': 'anyone',
  'operators.approve': 'operator',
  'operators.add': 'administrator',
  'operators.setRole': 'administrator',
  'operators.changePin': 'operator',
  'operators.resetPin': 'administrator',
  'operators.remove': 'administrator',
  'kiosk.enter': 'operator',
  'kiosk.leave': 'anyone',
  'kiosk.consent': 'visitor',
  'kiosk.reenrol': 'visitor',
  'kiosk.hosts': 'visitor',
  // Never from a window for visitors: whoever is to let them through has their own.
  'presence.skip': 'operator',
  'import.upload': 'operator',
  'import.part': 'operator',
  'import.discard': 'operator',
  'import.pick': 'operator',
  'import.open': 'operator',
  'import.read': 'operator',
  'import.check': 'operator',
  'import.run': 'operator',
  'import.pause': 'operator',
  'import.resume': 'operator',
  'import.cancel': 'operator',
  'import.list': 'operator',
  'import.get': 'operator',
  'import.rows': 'operator',
  'import.replace': 'operator',
  'import.decide': 'operator',
  'import.report': 'operator',
  'import.sheet': 'operator',
  'import.forget': 'operator',
  'visits.list': 'operator',
  'visits.register': 'operator',
  'visits.import': 'operator',
  'visits.cancel': 'operator',
  'visits.checkIn': 'operator',
  'visits.checkOut': 'operator',
  // At a kiosk: of the enrolment that was just made there, as `enrolment.get`.
  'visits.passes': 'visitor',
  'visits.picture': 'operator',
  'visits.known': 'operator',
  'visits.resembling': 'operator',
  'visits.hosts': 'operator',
  'visits.hostsOn': 'operator',
  'gates.list': 'operator',
  'gates.retry': 'operator',
  'gates.doors': 'operator',
  'gates.open': 'operator',
  'gates.setClock': 'operator',
  'gates.proofs': 'operator',
};

/** What a window hears of: nothing about people while nobody is signed in. */
const EVENT_ACCESS: { readonly [E in EventName]: Level } = {
  // At a kiosk: how the enrolment goes that was just made there, and nothing a platform said (`station/kiosk-view.ts`).
  'delivery.changed': 'visitor',
  'settings.changed': 'anyone',
  'operators.changed': 'anyone',
  'import.changed': 'operator',
  // A kiosk asks with the platforms there are.
  'site.changed': 'visitor',
  // Who comes and goes is nobody's business at a kiosk.
  'gates.passed': 'operator',
  'gates.proven': 'operator',
  'gates.watched': 'operator',
};

function highest(levels: readonly Level[]): Level {
  return levels.reduce((most, level) => (ORDER.indexOf(level) > ORDER.indexOf(most) ? level : most), 'anyone');
}

/** The level of one call with these (validated) arguments. */
export function levelOf<N extends CallName>(name: N, input: Received<N>): Level {
  const rule: Rule<N> = ACCESS[name];
  return typeof rule === 'function' ? rule(input) : rule;
}

export function levelOfEvent(name: EventName): Level {
  return EVENT_ACCESS[name];
}

/** How a window stands when it asks. */
export interface Standing {
  /** Whether the site has operators. */
  setUp: boolean;
  kiosk: boolean;
  /** Of whoever is signed in; null when nobody is. */
  role: Role | null;
}

/** `sign-in`: nobody is signed in. `role`: whoever is may not, somebody else might. `kiosk`: never from a window for visitors. */
export type Admission = 'admitted' | 'sign-in' | 'role' | 'kiosk';

/** Whether a call of that level is served. */
export function admit(level: Level, { setUp, kiosk, role }: Standing): Admission {
  if (level === 'anyone') return 'admitted';
  if (kiosk) return level === 'visitor' ? 'admitted' : 'kiosk';
  if (!setUp) return 'admitted';
  if (role === null) return 'sign-in';
  return level === 'visitor' || includesRole(role, level) ? 'admitted' : 'role';
}
