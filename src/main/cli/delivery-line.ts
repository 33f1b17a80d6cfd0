import type { OutboxEntry } from '#station/index';

/** A delivery as `enrol --json` prints it (interfaces.md); `id` is what `outbox answer` takes. */
export function deliveryJson({
  id,
  platform,
  state,
  personId,
  attempts,
  error,
  warnings,
  question,
  door,
}: OutboxEntry) {
  return {
    id,
    platform,
    state,
    personId,
    attempts,
    error: error && {
      kind: error.kind,
      code: error.code,
      message: error.message,
      ...(error.field && { field: error.field }),
    },
    ...(door && { door }),
    ...(warnings.length > 0 && { warnings }),
    ...(question && { question }),
  };
}

const DOORS = {
  pending: 'not on the door yet',
  failed: 'a door did not take it',
  none: 'no door lets the person in',
};

/** The same on a line for people. */
export function deliveryText(delivery: OutboxEntry): string {
  const { platform, state, personId, attempts, error, question, warnings, door } = delivery;
  const parts = [`${platform.padEnd(14)} ${state.padEnd(10)}`];
  if (personId) parts.push(`person ${personId}`);
  if (attempts > 1) parts.push(`${attempts} attempts`);
  if (door && door !== 'applied') parts.push(DOORS[door]);
  if (error) parts.push(`${error.kind} ${error.code}: ${error.message}`);
  if (question)
    parts.push(`${question.kind}: answer with "vestibule outbox answer ${delivery.id} --similar force|stop"`);
  return [...parts, ...warnings.map((warning) => `warning: ${warning}`)].join('  ');
}
