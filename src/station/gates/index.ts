import type { gateCalls } from '#shared/calls/gates';
import type { Handlers } from '#shared/contract';
import type { GatePass, GateProof, GateWatch } from '#shared/gates';
import type { Journal } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import { createDoorDesk } from './doors.ts';
import { createKeeper } from './keeper.ts';
import { type GateWatcher, recordKeepers, watchGates } from './watch.ts';

export interface GateDeps {
  journal: Journal;
  platforms: Platforms;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  actor(): string;
  /** How long passes are kept. */
  keepMs: number;
  /** Whether records are followed: a desk does, where its site wants it. */
  watching: boolean;
  passed(pass: GatePass): void;
  proven(proof: GateProof): void;
  watched(watch: GateWatch): void;
  unexpected(what: string, error: unknown): void;
  /** Aborted when the station closes. */
  closing: AbortSignal;
}

/** Passes a page is given at once. */
const LISTED = 300;

export interface GateMonitor {
  handlers: Pick<Handlers, keyof typeof gateCalls>;
  /** Begins to follow who passes, where that is wanted. */
  start(): void;
  /** Resolves when nothing is read any more, after `closing`. */
  ended(): Promise<void>;
}

/** The gate monitor: follows who passes, proves enrolments by it, and lets an operator open doors. */
export function createGateMonitor(deps: GateDeps): GateMonitor {
  const { journal, platforms, closing } = deps;
  const keeper = createKeeper(deps);
  const doors = createDoorDesk(deps);
  let watcher: GateWatcher | null = null;
  const silent = (): string[] => {
    const able = recordKeepers(platforms);
    return platforms.configured.map(({ id }) => id).filter((id) => !able.includes(id));
  };
  return {
    start() {
      if (deps.watching) watcher ??= watchGates({ ...deps, keeper });
    },
    ended: async () => watcher?.ended(),
    handlers: {
      'gates.list': async () => ({
        watching: deps.watching,
        watches: watcher?.watches() ?? [],
        silent: silent(),
        passes: keeper.list(LISTED),
      }),
      'gates.retry': async ({ platform }) => {
        platforms.get(platform);
        watcher?.retry(platform);
        return undefined;
      },
      'gates.doors': () => doors.list(closing),
      'gates.open': async ({ platform, door }) => {
        await doors.open(platform, door, closing);
        return undefined;
      },
      'gates.setClock': async ({ platform }) => {
        await doors.setClock(platform, closing);
        return undefined;
      },
      'gates.proofs': async ({ code }) => {
        const person = journal.records.personRef(code);
        return person === null ? [] : journal.passes.proofsOf(person);
      },
    },
  };
}
