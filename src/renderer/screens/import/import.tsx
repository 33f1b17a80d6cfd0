import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { ImportView } from '#shared/calls/import';
import { Button } from '../../components/button.tsx';
import { useLeaveImport } from '../../components/leave-import.tsx';
import { Notice, ScreenHeading } from '../../components/screen.tsx';
import { droppedFiles } from '../../lib/import-files.ts';
import { useImport } from '../../stores/import.ts';
import { useImportRows } from '../../stores/import-rows.ts';
import { isWorking, stageOf } from '../../stores/import-state.ts';
import { ImportFiles, ImportTrouble, PhotoButtons, Uploading } from './files.tsx';
import { ImportFilters } from './filters.tsx';
import styles from './import.module.css';
import { ImportMapping } from './mapping.tsx';
import { ImportRows } from './rows.tsx';
import { ImportDeliveries, ImportStatus } from './status.tsx';

/** A table of people and their photos: taken, mapped, checked, enrolled. What is at work goes on without this screen. */
export function ImportScreen() {
  const { t } = useTranslation(['import', 'common']);
  const { view, mapping, load } = useImport(useShallow(({ view, mapping, load }) => ({ view, mapping, load })));
  const stage = stageOf(view, mapping);
  const leave = useLeaveImport();
  const dragging = useDrop();
  useEffect(() => {
    void load();
    // Names and pictures leave the page with the screen.
    return () => useImportRows.getState().close();
  }, [load]);
  return (
    <section className={styles.import} data-testid="import" data-stage={stage} data-dragging={dragging || undefined}>
      <div className={styles.head}>
        <Button variant="quiet" icon="arrow-left" data-testid="back" onClick={leave}>
          {t('common:back')}
        </Button>
        <ScreenHeading>{t('title')}</ScreenHeading>
        {stage === 'files' && <p className={styles.lead}>{t('lead')}</p>}
      </div>
      <p className={styles.drop} aria-hidden={!dragging}>
        {dragging ? t('dropHere') : stage === 'files' ? t('drop') : ''}
      </p>
      <Uploading />
      <ImportTrouble />
      {view === null && <ImportFiles />}
      {view?.table && stage === 'mapping' && <ImportMapping view={view} table={view.table} />}
      {view && (stage === 'work' || stage === 'rows') && <Rows key={view.id} view={view} />}
    </section>
  );
}

/** How often rows and counts are asked for while they change. */
const RENEW_MS = 1_500;

function Rows({ view }: { view: ImportView }) {
  const { t } = useTranslation('import');
  const { open, renew, choose } = useImportRows(useShallow(({ open, renew, choose }) => ({ open, renew, choose })));
  const refresh = useImport((state) => state.refresh);
  const { phase } = view.progress;
  const working = isWorking(view.progress);
  useEffect(() => {
    open(view.id);
    choose({});
  }, [view.id, open, choose]);
  useEffect(() => {
    if (!working) return;
    const timer = setInterval(() => {
      void refresh();
      void renew();
    }, RENEW_MS);
    return () => {
      clearInterval(timer);
      // The last ones, once the work has ended.
      void renew();
    };
  }, [working, refresh, renew]);
  return (
    <>
      <ImportStatus view={view} />
      <ImportDeliveries view={view} />
      {view.error !== null && phase === 'failed' && (
        <Notice tone="bad" live title={t('phase.failed')}>
          {view.error}
        </Notice>
      )}
      {phase === 'checked' && view.photos === null && (
        <Notice tone="wait" title={t('empty.noPhotosTitle')} actions={<PhotoButtons />}>
          {t('empty.noPhotos')}
        </Notice>
      )}
      {phase === 'checked' && view.summary.accepted === 0 && view.summary.rows > 0 && (
        <div data-testid="nothing-good">
          <Notice tone="bad" title={t('empty.nothingTitle')}>
            {t('empty.nothing')}
          </Notice>
        </div>
      )}
      <div className={styles.room}>
        <ImportFilters view={view} />
        <ImportRows changeable={!working || phase === 'paused'} />
      </div>
    </>
  );
}

/** Takes whatever is dropped on the window, while nothing is at work. */
function useDrop(): boolean {
  const [dragging, setDragging] = useState(false);
  const take = useImport((state) => state.take);
  const turn = useRef(0);
  useEffect(() => {
    const able = () => {
      const { view, busy } = useImport.getState();
      return busy === null && !(view && isWorking(view.progress));
    };
    const over = (event: DragEvent) => {
      if (able() && event.dataTransfer?.types.includes('Files')) setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      setDragging(false);
      if (!able()) return;
      turn.current += 1;
      const mine = turn.current;
      droppedFiles(event.dataTransfer).then(
        (chosen) => {
          if (mine === turn.current && chosen.length > 0) void take(chosen);
        },
        () => undefined,
      );
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [take]);
  return dragging;
}
