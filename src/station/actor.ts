import { AsyncLocalStorage } from 'node:async_hooks';

/** Who acts, for the audit trail: the station's own name for itself, or whoever a call is done for. */
export interface Actors {
  /** `desk`, `cli`, `desk:Anna`, `desk:Anna+Ben` where Ben agreed to it. */
  current(): string;
  /** What `work` and everything it awaits does is done by that actor. */
  as<T>(actor: string, work: () => T): T;
}

/** @param own who acts where nobody was named */
export function createActors(own: string): Actors {
  // Carried beside the calls, not through them: no room between the gate and the journal can forget or change who it was.
  const carried = new AsyncLocalStorage<string>();
  return {
    current: () => carried.getStore() ?? own,
    as: (actor, work) => carried.run(actor, work),
  };
}
