import type { DeliveryState } from '#shared/delivery';

/** Why deliveries of a cancelled import are not made; running it again makes them. */
export const CANCELLED = {
  kind: 'validation',
  code: 'import-cancelled',
  message: 'the import was cancelled before this was sent: run it again to send it',
} as const;

/** A delivery of somebody who was enrolled with the same data and photo before. */
export interface KnownDelivery {
  enrolment: string;
  platform: string;
  state: DeliveryState;
  /** Of its error. */
  code: string | null;
}

/**
 * The platforms a row is still to be sent to (pure): those it was never sent to with this data and this photo, those of a cancelled run,
 * and, where the registrar asks for what failed, those that refused it. Everything else is there, on its way, or somebody's decision.
 * @param known newest first
 */
export function toSend(targets: readonly string[], known: readonly KnownDelivery[], onlyFailed: boolean): string[] {
  return targets.filter((platform) => {
    const last = known.find((delivery) => delivery.platform === platform);
    if (last === undefined) return true;
    if (last.state === 'abandoned') return last.code === CANCELLED.code;
    return onlyFailed && last.state === 'refused';
  });
}

/** Whether the report of an earlier run says that a row needs nothing more (pure): accepted, and on each of these platforms. */
export function isDone(cell: (header: string) => string, targets: readonly string[]): boolean {
  return (
    cell('verdict') === 'accepted' && targets.every((id) => ['delivered', 'verified'].includes(cell(`${id}:state`)))
  );
}
