import { availableParallelism } from 'node:os';
import { resolveTargets } from '../people.ts';
import type { ImportSettings } from './api.ts';
import { createDecisions } from './decisions.ts';
import { createFaceIndex } from './face-index.ts';
import { createImportRun, eachRow, storedRows } from './import-run.ts';
import type { PhotoRef } from './photo-source.ts';
import { CANCELLED } from './plan.ts';
import { addRowFaces } from './row-check.ts';
import { type ImportState, type ImportsDeps, type Phase, type Teller, wrong } from './session.ts';
import { stageRows } from './staging.ts';

/** Whether a row is left out, is not after all, or is another person than those it looks like. */
export type Decision = 'out' | 'back' | 'apart';

/** What is done with an import's rows: read, checked, enrolled, given up. One piece of work at a time for each import. */
export function createImportWork(deps: ImportsDeps, { enter, reached }: Teller) {
  const { journal, now, closing } = deps;
  const records = journal.imports;
  const decisions = createDecisions(records);

  const lanes = (settings: ImportSettings): number => settings.concurrency ?? Math.min(8, 2 * availableParallelism());

  const runOptions = (state: ImportState, settings: ImportSettings, signal: AbortSignal) => ({
    batch: state.batch,
    photos: state.photos,
    replaced: (id: string) => state.replaced.get(id) ?? null,
    targets: resolveTargets(settings.to, deps.platforms),
    onDuplicate: settings.onDuplicate,
    onExisting: settings.onExisting,
    onSimilar: settings.onSimilar,
    onlyFailed: settings.onlyFailed,
    faces: createFaceIndex(),
    signal,
    gate: async () => {
      await state.paused?.promise;
    },
  });
  const newRun = (options: ReturnType<typeof runOptions>) =>
    createImportRun(
      { records, checker: deps.checker, now, transaction: journal.transaction, create: deps.create },
      options,
    );

  const stage = async (state: ImportState, settings: ImportSettings, signal: AbortSignal): Promise<void> => {
    await deps.refreshCriteria();
    await stageRows(records, state.batch, {
      table: state.table,
      columns: state.columns,
      targets: resolveTargets(settings.to, deps.platforms),
      kind: settings.kind,
      dates: settings.dates,
      onlyFailed: settings.onlyFailed,
      signal,
      reached: (rows) => reached(state, rows),
    });
  };
  const each = async (
    state: ImportState,
    phase: Phase,
    rows: Iterable<Parameters<Parameters<typeof eachRow>[2]>[0]>,
    total: number,
    settings: ImportSettings,
    work: Parameters<typeof eachRow>[2],
  ): Promise<void> => {
    enter(state, phase, total);
    let done = 0;
    await eachRow(rows, lanes(settings), async (row) => {
      await work(row);
      done += 1;
      reached(state, done);
    });
  };

  const check = async (state: ImportState, settings: ImportSettings, signal: AbortSignal): Promise<Phase> => {
    await stage(state, settings, signal);
    if (state.photos === null && state.replaced.size === 0) {
      records.acceptRead(state.batch);
      return 'checked';
    }
    const run = newRun(runOptions(state, settings, signal));
    await each(state, 'checking', storedRows(records, state.batch), records.count(state.batch), settings, run.check);
    return 'checked';
  };

  const run = async (state: ImportState, settings: ImportSettings, signal: AbortSignal): Promise<Phase> => {
    await stage(state, settings, signal);
    const options = runOptions(state, settings, signal);
    const rows = newRun(options);
    const total = records.count(state.batch);
    if (settings.onDuplicate === 'stop') {
      // A face may turn up again in the last row: nobody is sent before all were looked at.
      await each(state, 'checking', storedRows(records, state.batch), total, settings, rows.check);
      const accepted = records.verdicts(state.batch).verdicts.accepted ?? 0;
      await each(
        state,
        'running',
        storedRows(records, state.batch, 'accepted'),
        accepted,
        settings,
        rows.enrolAccepted,
      );
    } else await each(state, 'running', storedRows(records, state.batch), total, settings, rows.checkAndEnrol);
    const { verdicts } = records.verdicts(state.batch);
    const detail = {
      import: state.batch,
      rows: total,
      accepted: verdicts.accepted ?? 0,
      refused: verdicts.refused ?? 0,
    };
    journal.audit.append({ actor: deps.actor(), action: 'import', outcome: 'done', detail }, now());
    return 'done';
  };

  /** What of this import was not sent yet is given up; running it again sends it. */
  const giveUp = (state: ImportState): void => {
    journal.transaction(() => {
      let given = 0;
      for (const id of records.undelivered(state.batch)) {
        const changed = journal.deliveries.change(id, now(), () => ({
          state: 'abandoned',
          error: { ...CANCELLED },
          question: null,
        }));
        if (changed !== null) given += 1;
      }
      const detail = { import: state.batch, deliveries: given };
      journal.audit.append({ actor: deps.actor(), action: 'import', outcome: 'cancelled', detail }, now());
    });
  };

  /** Looks at some rows again. @param beside the rest of the table, which they are compared with; `but` has another face than it had */
  const checkAgain = async (
    state: ImportState,
    settings: ImportSettings,
    lines: readonly number[],
    beside: { but: number | null } | null,
  ): Promise<void> => {
    const options = { ...runOptions(state, settings, closing), gate: async () => undefined };
    if (beside !== null) await addRowFaces(records, state.batch, options.faces, beside.but);
    const again = newRun(options);
    for (const line of lines) {
      const fresh = records.row(state.batch, line);
      if (fresh !== null && fresh.verdict !== 'skipped') await again.check(fresh);
    }
  };

  /** A row with another photo, looked at anew. */
  const replace = async (
    state: ImportState,
    settings: ImportSettings,
    line: number,
    photo: { id: string; ref: PhotoRef },
  ): Promise<void> => {
    const row = records.row(state.batch, line);
    if (row === null) throw wrong('unknown-row', 'there is no such row', 'line');
    state.replaced.set(photo.id, photo.ref);
    const changed = journal.transaction(() => decisions.anew(state.batch, { ...row, replaced: photo.id }));
    await checkAgain(state, settings, changed, { but: line });
  };

  /** What somebody says of rows that look like one person twice; those it is about are looked at again. */
  const decide = async (
    state: ImportState,
    settings: ImportSettings,
    line: number,
    decision: Decision,
    others: readonly number[],
  ): Promise<void> => {
    const row = records.row(state.batch, line);
    if (row === null) throw wrong('unknown-row', 'there is no such row', 'line');
    if (decision === 'out' && row.enrolment !== null)
      throw wrong('sent', 'this row was sent already: remove the person instead', 'line');
    if ((decision === 'out') === row.out && decision !== 'apart') return;
    const changed = journal.transaction(() => decisions[decision](state.batch, row, others));
    // Whoever was told to be others is not asked about the next one alike at once.
    await checkAgain(state, settings, changed, decision === 'apart' ? null : { but: null });
  };

  return { check, run, giveUp, replace, decide };
}
