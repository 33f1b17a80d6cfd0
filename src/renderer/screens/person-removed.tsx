import { Button } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { Notice, ScreenHeading } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatList } from '../lib/format.ts';
import { useInView } from '../lib/in-view.ts';
import type { Removed } from '../stores/people.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './person.module.css';

/** What became of a removal, platform by platform. */
function RemovedResults({ removed }: { removed: Removed }) {
  const { t } = useTranslation('people');
  const platforms = useStation((state) => state.platforms);
  const words = useFaultWords();
  return (
    <ul className={styles.results}>
      {removed.results.map((result) => {
        const platform = platforms.find((one) => one.id === result.platform) ?? null;
        const title = platform?.title ?? result.platform;
        const { fault } = result;
        const outcome = fault ? (result.again ? 'again' : 'failed') : result.removed ? 'removed' : 'notThere';
        return (
          <li key={result.platform} data-testid={`removed-${result.platform}`} data-outcome={outcome}>
            <Icon name={fault ? 'cross' : 'check'} />
            <span>
              {t('common:labelled', {
                label: title,
                text: fault
                  ? t(result.again ? 'remove.again' : 'remove.failed', { reason: words(fault, platform).title })
                  : t(result.removed ? 'remove.removed' : 'remove.notThere'),
              })}
              {fault && (
                <span className={styles.small}>
                  {' '}
                  <code>{fault.code}</code> {fault.message}
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

export function RemovedNotice({ removed }: { removed: Removed }) {
  const { t } = useTranslation('people');
  const failed = removed.results.some((result) => result.fault !== null);
  const again = removed.results.some((result) => result.again);
  return (
    <div ref={useInView(removed)} data-testid="removed" data-local={removed.receipt.local}>
      <Notice tone={failed ? 'bad' : 'good'} live title={failed ? t('remove.partly') : t('remove.done')}>
        <RemovedResults removed={removed} />
        {again && <p>{t('remove.againHelp')}</p>}
        {failed && !again && <p>{t('remove.partlyHelp')}</p>}
        <p className={styles.small}>{t('remove.receipt', { id: removed.receipt.id })}</p>
      </Notice>
    </div>
  );
}

/** Somebody who was removed while a platform could not be reached: they are still there, and not for long. */
export function Leaving({ from }: { from: readonly string[] }) {
  const { t, i18n } = useTranslation('people');
  const platforms = useStation((state) => state.platforms);
  const titles = from.map((id) => platforms.find((one) => one.id === id)?.title ?? id);
  return (
    <div data-testid="leaving">
      <Notice tone="info" title={t('remove.pending', { systems: formatList(titles, i18n.locale) })}>
        <p>{t('remove.againHelp')}</p>
      </Notice>
    </div>
  );
}

/** Nothing about the person is left here: only the receipt, which names nobody. */
export function Gone({ removed }: { removed: Removed }) {
  const { t } = useTranslation('people');
  const go = useSession((state) => state.go);
  return (
    <section className={styles.page} data-testid="removed" data-local={removed.receipt.local}>
      <ScreenHeading>{t('remove.erasedTitle')}</ScreenHeading>
      <Notice tone="good" title={t('remove.done')}>
        <RemovedResults removed={removed} />
      </Notice>
      <p className={styles.faint}>{t('remove.receipt', { id: removed.receipt.id })}</p>
      <div className={styles.buttons}>
        <Button variant="primary" icon="arrow-left" data-testid="back" onClick={() => go('people')}>
          {t('backToList')}
        </Button>
      </div>
    </section>
  );
}
