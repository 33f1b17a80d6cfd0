import { useShallow } from 'zustand/react/shallow';
import type { PlatformView } from '#shared/contract';
import { Spinner } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatDuration } from '../lib/format.ts';
import { type PlatformTest, useStation } from '../stores/station.ts';
import styles from './welcome.module.css';

/** A difference of clocks below this is nobody's business (the narrowest window of a platform is five minutes). */
const SKEW_WORTH_SAYING_MS = 60_000;

/** Which systems are connected, and whether each is ready. */
export function Connections() {
  const { t } = useTranslation('welcome');
  const { platforms, tests, test } = useStation(
    useShallow((state) => ({ platforms: state.platforms, tests: state.tests, test: state.testPlatforms })),
  );
  const done = platforms.filter((platform) => tests[platform.id]?.state === 'done');
  const ready = platforms.filter((platform) => isReady(tests[platform.id]));
  const testing = done.length < platforms.length;
  return (
    <section className={styles.panel} aria-labelledby="connections">
      <div className={styles.panelHead}>
        <h2 id="connections">{t('connectionsTitle')}</h2>
        <p role="status" className={styles.count}>
          {!testing &&
            platforms.length > 0 &&
            (ready.length === platforms.length
              ? t('ready', { count: ready.length })
              : t('readyOf', { ready: ready.length, count: platforms.length }))}
        </p>
        <button
          type="button"
          className={styles.iconButton}
          aria-label={t('testAgain')}
          title={t('testAgain')}
          onClick={() => void test()}
        >
          <Icon name="refresh" />
        </button>
      </div>
      <ul className={styles.list}>
        {platforms.map((platform) => (
          <Connection key={platform.id} platform={platform} test={tests[platform.id]} />
        ))}
      </ul>
    </section>
  );
}

function isReady(test: PlatformTest | undefined): boolean {
  return test?.state === 'done' && test.result.ok;
}

function Connection({ platform, test }: { platform: PlatformView; test: PlatformTest | undefined }) {
  const { t, i18n } = useTranslation('welcome');
  const words = useFaultWords();
  const state = test?.state !== 'done' ? 'testing' : test.result.ok ? 'ok' : 'failed';
  const fault = test?.state === 'done' ? test.result.fault : null;
  const said = fault ? words(fault, platform) : null;
  const skew = test?.state === 'done' ? test.result.skewMs : null;
  return (
    <li className={styles.connection} data-testid={`platform-${platform.id}`} data-state={state}>
      <span className={styles.lamp} data-state={state}>
        {state === 'testing' ? <Spinner /> : <Icon name={state === 'ok' ? 'check' : 'alert'} />}
      </span>
      <div className={styles.connectionText}>
        <p className={styles.connectionName}>{platform.title}</p>
        <p className={styles.faint}>{platform.host}</p>
        {said && (
          <p className={styles.trouble}>
            <strong>{t('common:sentence', { text: said.title })}</strong> {said.help}
          </p>
        )}
        {skew !== null && Math.abs(skew) >= SKEW_WORTH_SAYING_MS && (
          <p className={styles.trouble}>{t('skew', { amount: formatDuration(skew, i18n.locale) })}</p>
        )}
      </div>
      <span className={styles.connectionState} data-state={state}>
        {said ? '' : t(`state.${state}`)}
      </span>
    </li>
  );
}
