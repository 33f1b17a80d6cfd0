import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ImportView } from '#shared/calls/import';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { formatDuration, formatList } from '../../lib/format.ts';
import { useImport } from '../../stores/import.ts';
import { useImportRows } from '../../stores/import-rows.ts';
import { deliveryTotals, isWorking, shareDone } from '../../stores/import-state.ts';
import { useOutbox } from '../../stores/outbox.ts';
import { useStation } from '../../stores/station.ts';
import styles from './import.module.css';
import { RestButtons, WorkButtons } from './status-buttons.tsx';

/** How far it is, and what can be done now. */
export function ImportStatus({ view }: { view: ImportView }) {
  const { t, i18n } = useTranslation('import');
  const { progress } = view;
  const share = shareDone(progress);
  const working = isWorking(progress);
  const number = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 1 });
  return (
    <section
      className={styles.status}
      data-testid="import-status"
      data-phase={progress.phase}
      data-done={progress.done}
    >
      <div className={styles.statusText}>
        <h2 aria-live="polite">{t(`phase.${progress.phase}`)}</h2>
        <p className={styles.faint}>
          {working && progress.total === null && t('progress.rows', { count: progress.done })}
          {working &&
            progress.total !== null &&
            t('progress.of', { done: number.format(progress.done), total: number.format(progress.total) })}
          {working && progress.rate !== null && ` · ${t('progress.rate', { rate: number.format(progress.rate) })}`}
          {working &&
            progress.leftMs !== null &&
            ` · ${t('progress.left', { time: formatDuration(progress.leftMs, i18n.locale) })}`}
          {!working && view.name}
        </p>
        {working && (
          <progress
            className={styles.bar}
            aria-label={t('progress.label')}
            data-paused={progress.phase === 'paused' || undefined}
            {...(share !== null && { value: share })}
            max={1}
          />
        )}
        {working && progress.phase !== 'paused' && <p className={styles.faint}>{t('progress.leaving')}</p>}
      </div>
      <div className={styles.buttons}>{working ? <WorkButtons view={view} /> : <RestButtons view={view} />}</div>
    </section>
  );
}

/** How often deliveries are counted while some are under way. */
const ASK_AGAIN_MS = 2_000;
const STANDINGS = ['arrived', 'moving', 'asking', 'refused', 'abandoned'] as const;

/** Where the deliveries stand, and which system holds them up. */
export function ImportDeliveries({ view }: { view: ImportView }) {
  const { t, i18n } = useTranslation('import');
  const refresh = useImport((state) => state.refresh);
  const renew = useImportRows((state) => state.renew);
  const totals = deliveryTotals(view.summary);
  const moving = totals.moving > 0;
  const offline = useOffline(moving, Object.keys(view.summary.deliveries));
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => {
      void refresh();
      void renew();
    }, ASK_AGAIN_MS);
    return () => {
      clearInterval(timer);
      // The rows as the last delivery left them.
      void renew();
    };
  }, [moving, refresh, renew]);
  const shown = STANDINGS.filter((key) => totals[key] > 0);
  if (shown.length === 0) return null;
  return (
    <section
      className={styles.deliveries}
      aria-label={t('deliveries.title')}
      data-testid="import-deliveries"
      data-moving={totals.moving}
      data-arrived={totals.arrived}
    >
      <ul className={styles.tallies}>
        {shown.map((key) => (
          <li key={key} data-standing={key}>
            <strong>{new Intl.NumberFormat(i18n.locale).format(totals[key])}</strong> {t(`deliveries.${key}`)}
          </li>
        ))}
      </ul>
      {moving && offline.length > 0 && (
        <Notice tone="wait" title={t('deliveries.offline', { platforms: formatList(offline, i18n.locale) })}>
          {t('deliveries.queued', { count: totals.moving })}
        </Notice>
      )}
    </section>
  );
}

/** Titles of the systems that are left alone because they could not be reached. */
function useOffline(asks: boolean, ids: readonly string[]): string[] {
  const { platforms, load } = useOutbox(useShallow((state) => ({ platforms: state.platforms, load: state.load })));
  const titles = useStation((state) => state.platforms);
  useEffect(() => {
    if (!asks) return;
    void load();
    const timer = setInterval(() => void load(), 5 * ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [asks, load]);
  return platforms
    .filter(({ platform, circuit }) => ids.includes(platform) && circuit !== 'closed')
    .map(({ platform }) => titles.find(({ id }) => id === platform)?.title ?? platform);
}
