import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ImportView } from '#shared/calls/import';
import { Button } from '../../components/button.tsx';
import { useLeaveImport } from '../../components/leave-import.tsx';
import { Notice, ScreenHeading } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useImport } from '../../stores/import.ts';
import { useImportRows } from '../../stores/import-rows.ts';
import { deliveryTotals, isWorking, stageOf } from '../../stores/import-state.ts';
import { isChangeable, useRowChange } from '../../stores/row-change.ts';
import { ImportFiles, ImportTrouble, PhotoButtons, Uploading } from './files.tsx';
import { ImportFilters } from './filters.tsx';
import styles from './import.module.css';
import { LeftOutNotice } from './left-out.tsx';
import { ImportMapping } from './mapping.tsx';
import { OpenTables } from './open-tables.tsx';
import { ImportRows } from './rows.tsx';
import { ImportDeliveries, ImportStatus } from './status.tsx';
import { useDrop } from './use-drop.ts';

/** A table of people and their photos: taken, mapped, checked, enrolled. What is at work goes on without this screen. */
export function ImportScreen() {
  const { t } = useTranslation('import');
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
    <section className={styles.import} data-testid="import" data-stage={stage} data-dragging={dragging ?? undefined}>
      <div className={styles.head}>
        <Button variant="quiet" icon="arrow-left" data-testid="back" onClick={leave}>
          {t('common:back')}
        </Button>
        <ScreenHeading>{t('title')}</ScreenHeading>
        <OpenTables />
        {stage === 'files' && <p className={styles.lead}>{t('lead')}</p>}
      </div>
      <p className={styles.drop} data-testid="drop-here">
        {dragging === 'no' ? t('dropLater') : dragging === 'yes' ? t('dropHere') : stage === 'files' ? t('drop') : ''}
      </p>
      <Uploading />
      <ImportTrouble />
      <LeftOutNotice />
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
      {phase === 'interrupted' && (
        <Notice tone="wait" title={t('interruptedTitle')}>
          {view.doing === 'run' ? t('interruptedRun') : t('interruptedCheck')}
        </Notice>
      )}
      {phase === 'cancelled' && <Cancelled view={view} />}
      <WaitingPhotos view={view} />
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
        <ImportRows changeable={isChangeable(view.progress)} />
      </div>
    </>
  );
}

/** Photos somebody gave for rows while the import was at work. */
function WaitingPhotos({ view }: { view: ImportView }) {
  const { t } = useTranslation('import');
  const { waiting, busy } = useRowChange(useShallow(({ waiting, busy }) => ({ waiting, busy })));
  const lines = waiting.filter((one) => one.import === view.id && busy?.line !== one.line).map(({ line }) => line);
  if (lines.length === 0) return null;
  return (
    <div data-testid="photos-wait" data-count={lines.length}>
      <Notice tone="wait" live>
        {t('row.waiting', { count: lines.length, lines: lines.join(', ') })}
      </Notice>
    </div>
  );
}

/** What became of everybody when it was cancelled. */
function Cancelled({ view }: { view: ImportView }) {
  const { t } = useTranslation('import');
  const { arrived, abandoned, moving, asking } = deliveryTotals(view.summary);
  return (
    <div data-testid="cancelled" data-arrived={arrived} data-given={abandoned}>
      <Notice tone="wait" live title={t('cancelledTitle')}>
        {arrived + abandoned + moving + asking === 0
          ? t('cancelledNone')
          : t('cancelledSent', { count: arrived, given: abandoned })}
      </Notice>
    </div>
  );
}
