import type { gateCalls } from '#shared/calls/gates';
import type { Handlers } from '#shared/contract';
import type { GatePass, GateProof, GateWatch } from '#shared/gates';
import type { LoadedConfig } from '../api.ts';
import type { Journal } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import { createDoorDesk } from './doors.ts';
import { createKeeper } from './keeper.ts';
import { createGateWatcher, recordKeepers } from './watch.ts';

export interface GateDeps {
  journal: Journal;
  platforms: Platforms;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  actor(): string;
  config: LoadedConfig['gates'];
  /** Whether the station works by itself: only then are records followed. */
  background: boolean;
  passed(pass: GatePass): void;
  proven(proof: GateProof): void;
  watched(watch: GateWatch): void;
  unexpected(what: string, error: unknown): void;
  /** Aborted when the station closes. */
  closing: AbortSignal;
}

/** Passes a page is given at once. */
const LISTED = 300;

const DAY_MS = 24 * 60 * 60_000;
const KEPT_DAYS = 1;

export interface GateMonitor {
  handlers: Pick<Handlers, keyof typeof gateCalls>;
  /** Follows who passes, where that is wanted: at the start, and again whenever other platforms are configured. */
  follow(): void;
  /** Forgets who passed longer ago than that is kept. */
  forget(): void;
  /** Resolves when nothing is read any more, after `closing`. */
  ended(): Promise<void>;
}

/** The gate monitor: follows who passes, proves enrolments by it, and lets an operator open doors. */
export function createGateMonitor(deps: GateDeps): GateMonitor {
  const { journal, platforms, closing, config, now } = deps;
  const keepMs = (config?.passesDays ?? KEPT_DAYS) * DAY_MS;
  const watching = deps.background && config?.watch !== false;
  const keeper = createKeeper({ ...deps, keepMs });
  const doors = createDoorDesk(deps);
  const watcher = createGateWatcher({ ...deps, keeper, keepMs });
  const silent = (): string[] => {
    const able = recordKeepers(platforms);
    return platforms.configured.map(({ id }) => id).filter((id) => !able.includes(id));
  };
  return {
    follow() {
      if (watching) watcher.follow();
    },
    forget: () => void journal.passes.forgetBefore(now() - keepMs),
    ended: watcher.ended,
    handlers: {
      'gates.list': async () => ({
        watching,
        watches: watcher.watches(),
        silent: silent(),
        passes: keeper.list(LISTED),
      }),
      'gates.retry': async ({ platform }) => {
        platforms.get(platform);
        watcher.retry(platform);
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
