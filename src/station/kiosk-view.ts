import type { EnrolmentView } from '#shared/contract';
import { type Delivery, isSuccess } from '#shared/delivery';
import type { Fault } from '#shared/fault';

/** Whatever went wrong, a visitor is sent to the desk. */
const AT_DESK: Fault = { kind: 'protocol', code: 'at-desk', message: 'the desk knows more' };

/** What needs somebody of the desk, for whatever reason: whether a code exists and whom a face resembles is nobody's business at a kiosk. */
const FOR_THE_DESK: ReadonlySet<Delivery['state']> = new Set(['asking', 'refused', 'abandoned']);

/**
 * A delivery as a window for visitors is told it: how it goes, and nothing a platform said. Steps, ids, questions and messages tell of people
 * the platform knows.
 */
export function deliveryAtKiosk({
  id,
  enrolment,
  platform,
  state,
  updatedAt,
  door,
  error,
  urgency,
}: Delivery): Delivery {
  return {
    id,
    enrolment,
    platform,
    state: FOR_THE_DESK.has(state) ? 'asking' : state,
    personId: null,
    attempts: 0,
    error: isSuccess(state) && error !== null ? AT_DESK : null,
    warnings: [],
    question: null,
    nextAttemptAt: null,
    updatedAt,
    ...(urgency && { urgency }),
    door: door ?? null,
    doorDetail: null,
    nextCheckAt: null,
    steps: [],
  };
}

/** The same of an enrolment: the words are those the visitor gave. */
export function enrolmentAtKiosk(view: EnrolmentView): EnrolmentView {
  return { ...view, deliveries: view.deliveries.map(deliveryAtKiosk) };
}
