import { Button } from '../components/button.tsx';
import { useTranslation } from '../i18n/index.ts';
import { formatShare } from '../lib/format.ts';
import { useImport } from '../stores/import.ts';
import { isWorking, shareDone, unsentRows } from '../stores/import-state.ts';
import { useSession } from '../stores/session.ts';
import styles from './welcome.module.css';

/** An import at work, or one that waits for somebody: how far it is, and the way back to it. */
export function WelcomeImport() {
  const { t, i18n } = useTranslation('import');
  const view = useImport((state) => state.view);
  const left = useImport((state) => state.left.length > 0 && state.view === null);
  const go = useSession((state) => state.go);
  const working = view !== null && isWorking(view.progress);
  const unsent = unsentRows(view);
  const interrupted = view?.progress.phase === 'interrupted';
  if (!working && !interrupted && unsent === 0 && !left) return null;
  const share = view && shareDone(view.progress);
  return (
    <section className={styles.panel} aria-labelledby="import" data-testid="welcome-import">
      <div className={styles.panelHead}>
        <h2 id="import">{t('welcome.title')}</h2>
        {working && share !== null && <p className={styles.count}>{formatShare(share, i18n.locale)}</p>}
      </div>
      {working && (
        <progress
          className={styles.importBar}
          aria-label={t('progress.label')}
          {...(share !== null && { value: share })}
          max={1}
        />
      )}
      <p className={styles.importLine}>
        {view === null
          ? t('left.title')
          : working || interrupted
            ? t('welcome.line', { name: view.name, phase: t(`phase.${view.progress.phase}`) })
            : t('welcome.checked', { name: view.name, count: unsent })}
      </p>
      <Button variant="quiet" icon="arrow-right" data-testid="open-import" onClick={() => go('import')}>
        {t('welcome.open')}
      </Button>
    </section>
  );
}
