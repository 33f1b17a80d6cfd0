import { useEffect, useState } from 'react';
import type { ImportRow } from '#shared/calls/import';
import type { Fault } from '#shared/fault';
import { bridge } from '../../bridge.ts';
import { faultOf } from '../../lib/fault.ts';
import { useImport } from '../../stores/import.ts';
import { useImportRows } from '../../stores/import-rows.ts';
import { MAX_PHOTO_BYTES } from '../../stores/session.ts';

/** Changes a row (another photo, a decision) and tells how that went; forgotten with the next row. */
export function useRowChange(line: number | null) {
  const [busy, setBusy] = useState<'photo' | 'decision' | null>(null);
  const [replaced, setReplaced] = useState<number | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    if (line !== null) setFault(null);
  }, [line]);

  async function change(what: 'photo' | 'decision', work: (id: string) => Promise<ImportRow>): Promise<boolean> {
    const { view, refresh } = useImport.getState();
    if (view === null || busy !== null) return false;
    setFault(null);
    setReplaced(null);
    setBusy(what);
    try {
      useImportRows.getState().put(await work(view.id));
      await refresh();
      return true;
    } catch (error) {
      setFault(faultOf(error));
      return false;
    } finally {
      setBusy(null);
    }
  }

  return {
    busy,
    fault,
    replaced: replaced !== null && replaced === line,

    async replace(photo: File | Uint8Array<ArrayBuffer>): Promise<void> {
      if (line === null) return;
      if (photo instanceof File && photo.size > MAX_PHOTO_BYTES) {
        setFault({ kind: 'validation', code: 'too-large', message: 'the file is larger than 50 MB' });
        return;
      }
      const done = await change('photo', async (id) => {
        const bytes = photo instanceof File ? new Uint8Array(await photo.arrayBuffer()) : photo;
        return bridge.call('import.replace', { id, line, bytes });
      });
      if (done) setReplaced(line);
    },

    /** @param shown rows that are told otherwise afterwards */
    async decide(
      about: number,
      decision: 'out' | 'back' | 'apart',
      others: readonly number[],
      shown: readonly number[],
    ): Promise<void> {
      const done = await change('decision', (id) =>
        bridge.call('import.decide', { id, line: about, decision, others: [...others] }),
      );
      const { look, put } = useImportRows.getState();
      // In their places: the list is asked for again, and may move, when the row is closed.
      if (done) for (const row of await look(shown)) put(row);
    },
  };
}
