import type { keyCalls } from '#shared/calls/key';
import type { Handlers, Output } from '#shared/contract';
import { FaultError } from '#shared/fault';
import { type KeyChange, StationError } from '../api.ts';
import { unwritten } from '../disk.ts';
import type { Journal } from '../journal/index.ts';
import type { PhotoVault } from './photos.ts';
import { replaceKey } from './rotate.ts';

export interface KeyDeskDeps {
  dataDir: string;
  journal: Journal;
  vault: PhotoVault;
  uploads: PhotoVault;
  /** Absent where the owner alone can replace the key. */
  change: KeyChange | undefined;
  /** Whether the folder was opened with two keys: a change was interrupted. */
  interrupted: boolean;
  /** Id of this process in the journal. */
  owner: string;
  /** Aborted when the station closes; what is left is done by the next change. */
  closing: AbortSignal;
  now(): number;
  actor(): string;
  unexpected(id: string, error: unknown): void;
}

type Status = Output<'key.status'>;
export type KeyDesk = ReturnType<typeof createKeyDesk>;

/** Replacing the data key under a station that goes on working. */
export function createKeyDesk(deps: KeyDeskDeps) {
  const { dataDir, journal, vault, uploads, change, owner, closing, now, actor, unexpected } = deps;
  let { interrupted } = deps;
  let running: Promise<void> | null = null;
  let progress: Status['progress'] = null;
  let last: Status['last'] = null;

  const status = (): Status => ({
    keeper: change?.keeper ?? 'environment',
    state: running !== null ? 'running' : interrupted ? 'interrupted' : 'idle',
    progress,
    last,
  });

  const alone = (): void => {
    if (journal.owners.hasCompany(owner, now()))
      throw new FaultError({
        kind: 'validation',
        code: 'key-company',
        message: 'another process is at work in the data folder, and would go on with the old key: end it first',
      });
  };

  const run = async (means: KeyChange): Promise<void> => {
    try {
      // From the moment there is a second key until it is in its place, a change is under way.
      interrupted = true;
      const done = await replaceKey({
        dataDir,
        journal,
        vault,
        uploads,
        change: means,
        actor: actor(),
        at: now(),
        alone,
        signal: closing,
        progress: (count, total) => {
          progress = { done: count, total };
        },
      });
      interrupted = false;
      last = { outcome: 'done', ...done };
    } catch (error) {
      if (closing.aborted) return;
      last = { outcome: 'failed', fault: told(error) };
    } finally {
      progress = null;
      running = null;
    }
  };

  const told = (error: unknown) => {
    const known = unwritten(error);
    if (known instanceof FaultError) return known.fault;
    // A key ring that refuses says why in words for its owner.
    if (known instanceof StationError)
      return { kind: 'validation', code: 'key-refused', message: known.message } as const;
    unexpected('key-change', error);
    return {
      kind: 'server',
      code: 'key-change',
      message: 'the key could not be replaced; both keys still open everything',
    } as const;
  };

  const handlers: Pick<Handlers, keyof typeof keyCalls> = {
    'key.status': async () => status(),
    'key.change': async () => {
      if (change === undefined || change.keeper === 'environment')
        throw new FaultError({
          kind: 'validation',
          code: 'key-environment',
          message:
            'the key comes from VESTIBULE_KEY: stop the station and run "vestibule key rotate" with VESTIBULE_NEW_KEY',
        });
      if (running === null) {
        alone();
        last = null;
        running = run(change);
      }
      return status();
    },
  };

  return {
    handlers,
    /** After `closing`: waits until nothing is written any more. */
    settled: async (): Promise<void> => {
      await running;
    },
  };
}
