import { type ImportState, type ImportsDeps, type Teller, wrong } from './session.ts';

/** How often a held import is asked for. */
const ASK_MS = 500;

type TurnsDeps = Pick<ImportsDeps, 'journal' | 'owner' | 'keepsHold' | 'now' | 'sleep'>;

/**
 * One process at a time is at work on an import's rows: whoever reads a table writes its rows anew. Who comes second waits, and goes on when
 * the first has ended, or has died.
 */
export function createTurns({ journal, owner, keepsHold, now, sleep }: TurnsDeps, { enter, reached }: Teller) {
  const records = journal.imports;
  const takes = (state: ImportState): boolean => {
    const answer = records.take(state.batch, owner, now());
    if (answer === 'gone') throw wrong('unknown-import', 'this import was closed elsewhere: open its file again');
    return answer === 'taken';
  };
  /** How far the one who has it is, as far as the rows tell. */
  const watch = (state: ImportState): void => {
    const total = records.count(state.batch);
    state.total = total;
    reached(state, total - (records.verdicts(state.batch).verdicts.new ?? 0));
  };
  const putDown = (state: ImportState): void => {
    if (!keepsHold && state.work === null) records.putDown(state.batch, owner);
  };

  return {
    /** Takes an import in hand; whether that could be. @throws FaultError `validation` when there is no such import any more */
    takes,

    /** Resolves when another process has put the import down and this one has it. Rejects with the signal's reason. */
    async wait(state: ImportState, signal: AbortSignal): Promise<void> {
      enter(state, 'waiting', null);
      do {
        watch(state);
        await sleep(ASK_MS, signal);
        await state.paused?.promise;
        signal.throwIfAborted();
      } while (!takes(state));
      enter(state, 'reading', null);
    },

    /** Changes rows. @throws FaultError `validation` while another process is at work on them */
    async take<T>(state: ImportState, change: () => Promise<T>): Promise<T> {
      if (!takes(state))
        throw wrong(
          'busy',
          'another window or command has this table in hand: wait until it is done, or stop it there',
        );
      try {
        return await change();
      } finally {
        putDown(state);
      }
    },

    /** What was begun has ended. */
    done: putDown,
    /** The station closes. */
    leave: (state: ImportState): void => records.putDown(state.batch, owner),
  };
}
