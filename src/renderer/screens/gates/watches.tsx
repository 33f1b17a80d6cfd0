import type { GateWatch } from '#shared/gates';
import { Button, Spinner } from '../../components/button.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { formatDuration } from '../../lib/format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useGates } from '../../stores/gates.ts';
import { useStation } from '../../stores/station.ts';
import styles from './gates.module.css';

/** Which systems tell who passes, and which cannot be reached at present. */
export function Watches({ watches }: { watches: readonly GateWatch[] }) {
  const { t } = useTranslation('gates');
  const platforms = useStation((state) => state.platforms);
  const title = (id: string) => platforms.find((one) => one.id === id)?.title ?? id;
  if (watches.length === 0) return null;
  return (
    <>
      <ul className={styles.watches} aria-label={t('watches')}>
        {watches.map(({ platform, state }) => (
          <li key={platform} className={styles.watch} data-testid={`watch-${platform}`} data-state={state}>
            {state === 'connecting' ? <Spinner /> : <span className={styles.lamp} data-state={state} />}
            <span>{title(platform)}</span>
            <span className={styles.watchState}>{t(`watch.${state}`)}</span>
          </li>
        ))}
      </ul>
      {watches
        .filter(({ state }) => state === 'unreachable')
        .map((watch) => (
          <Unreachable key={watch.platform} watch={watch} title={title(watch.platform)} />
        ))}
    </>
  );
}

function Unreachable({ watch: { platform, fault, retryAt }, title }: { watch: GateWatch; title: string }) {
  const { t, i18n } = useTranslation('gates');
  const view = useStation((state) => state.platforms.find((one) => one.id === platform) ?? null);
  const words = useFaultWords();
  const retry = useGates((state) => state.retry);
  const now = useNow(retryAt !== null);
  const said = fault && words(fault, view);
  // The words for a delivery say that nothing is sent: here nothing is, it is asked.
  const trouble = fault?.code === 'circuit-open' ? t('leftAlone') : said && (said.meaning ?? said.title);
  return (
    <div data-testid={`unreachable-${platform}`}>
      <Notice
        tone="wait"
        live
        title={trouble ? t('common:labelled', { label: title, text: trouble }) : title}
        actions={
          <Button icon="refresh" onClick={() => void retry(platform)}>
            {t('common:retry')}
          </Button>
        }
      >
        <p>{t('missed')}</p>
        {retryAt !== null && retryAt > now && (
          // Changes every second: silent for who is read to.
          <p aria-hidden="true">{t('again', { time: formatDuration(retryAt - now, i18n.locale) })}</p>
        )}
      </Notice>
    </div>
  );
}
