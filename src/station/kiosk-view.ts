import type { EnrolmentView, PlatformView } from '#shared/contract';
import { type Delivery, isSuccess } from '#shared/delivery';
import type { Fault } from '#shared/fault';

/** Whatever went wrong, a visitor is sent to the desk. */
const AT_DESK: Fault = { kind: 'protocol', code: 'at-desk', message: 'the desk knows more' };

/** What needs somebody of the desk, for whatever reason: whether a code exists and whom a face resembles is nobody's business at a kiosk. */
const FOR_THE_DESK: ReadonlySet<Delivery['state']> = new Set(['asking', 'refused', 'abandoned']);

/** What a page for visitors asks of a platform: whether it takes visitors, and whether it gives them a pass. */
const FOR_VISITORS: ReadonlySet<string> = new Set(['visitor', 'pass']);

/**
 * So long after it was made an enrolment is told as on its way where it needs the desk: a code that is taken is known at the first question to a
 * platform, a picture it refuses only once it was sent, and how quickly the answer comes must not tell which it was.
 */
const HELD_MS = 5_000;

/** A platform as a window for visitors is told it: what it is called and what has to be asked for it, not where it is. */
export function platformAtKiosk(view: PlatformView): PlatformView {
  return { ...view, host: '', capabilities: view.capabilities.filter((one) => FOR_VISITORS.has(one)) };
}

/**
 * A delivery as a window for visitors is told it: how it goes, and nothing a platform said. Steps, ids, questions and messages tell of people
 * the platform knows.
 * @param madeAt when it was enrolled there, ms since the epoch
 */
export function deliveryAtKiosk(
  { id, enrolment, platform, state, updatedAt, door, error, urgency }: Delivery,
  madeAt: number,
  now: number,
): Delivery {
  const needsDesk = FOR_THE_DESK.has(state);
  const held = needsDesk && now < madeAt + HELD_MS;
  return {
    id,
    enrolment,
    platform,
    state: held ? 'running' : needsDesk ? 'asking' : state,
    personId: null,
    attempts: 0,
    error: isSuccess(state) && error !== null ? AT_DESK : null,
    warnings: [],
    question: null,
    nextAttemptAt: null,
    updatedAt: held ? madeAt : needsDesk ? Math.max(updatedAt, madeAt + HELD_MS) : updatedAt,
    ...(urgency && { urgency }),
    door: door ?? null,
    doorDetail: null,
    nextCheckAt: null,
    steps: [],
  };
}

/** The same of an enrolment: the words are those the visitor gave. */
export function enrolmentAtKiosk(view: EnrolmentView, now: number): EnrolmentView {
  return { ...view, deliveries: view.deliveries.map((one) => deliveryAtKiosk(one, view.createdAt, now)) };
}
