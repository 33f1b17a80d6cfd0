import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { EnrolmentView } from '#shared/contract';
import type { Delivery } from '#shared/delivery';
import { Icon, type IconName } from '../components/icons.tsx';
import type { Tone } from '../components/screen.tsx';
import { isUnfinished, needsSomebody } from '../lib/delivery-look.ts';
import { formatDuration, formatList, formatWhen } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';
import { currentDeliveries, useDeliveries } from '../stores/deliveries.ts';
import { countAll, type OutboxCounts, type PlatformOutbox, useOutbox } from '../stores/outbox.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './welcome.module.css';

/** How often the counts are asked for while Welcome is shown: what another process delivers sends no event here. */
const ASK_AGAIN_MS = 15_000;
/** Events of one enrolment come together: asked once when they have come to rest. */
const REST_MS = 400;
/** How many of the unfinished are listed; the rest is counted. */
const LISTED = 5;

const COUNTS: readonly { key: keyof OutboxCounts; icon: IconName; tone: Tone }[] = [
  { key: 'waiting', icon: 'clock', tone: 'info' },
  { key: 'asking', icon: 'question', tone: 'wait' },
  { key: 'refused', icon: 'cross', tone: 'bad' },
];

/** What has not arrived yet, of any day: how much, where it is held up, and whose it is. */
export function Outbox() {
  const { t } = useTranslation('welcome');
  const { loaded, platforms, unfinished } = useOutbox(
    useShallow(({ loaded, platforms, unfinished }) => ({ loaded, platforms, unfinished })),
  );
  useFreshOutbox();
  if (!loaded) return null;
  const counts = countAll(platforms);
  const quiet = counts.waiting + counts.asking + counts.refused === 0;
  const paused = platforms.filter((platform) => platform.pausedUntil !== null);
  return (
    <section className={styles.panel} aria-labelledby="outbox" data-testid="outbox">
      <div className={styles.panelHead}>
        <h2 id="outbox">{t('outbox.title')}</h2>
        {quiet && <p className={styles.count}>{t('outbox.quiet')}</p>}
      </div>
      {!quiet && (
        <ul className={styles.counts}>
          {COUNTS.map(({ key, icon, tone }) => (
            <li
              key={key}
              className={styles.tally}
              data-tone={counts[key] > 0 ? tone : undefined}
              data-testid={`count-${key}`}
            >
              <Icon name={icon} />
              <span className={styles.number}>{counts[key]}</span>
              <span className={styles.faint}>{t(`outbox.${key}`)}</span>
            </li>
          ))}
        </ul>
      )}
      {paused.map((platform) => (
        <Paused key={platform.platform} platform={platform} />
      ))}
      <Unfinished views={unfinished} />
    </section>
  );
}

/** Asks for the outbox now, after events, and now and then. */
function useFreshOutbox(): void {
  const load = useOutbox((state) => state.load);
  const ready = useStation((state) => state.status === 'ready');
  const latest = useDeliveries((state) => state.latest);
  const seen = useRef(latest);
  useEffect(() => {
    if (!ready) return;
    void load();
    const timer = setInterval(() => void load(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [ready, load]);
  useEffect(() => {
    if (seen.current === latest) return;
    const timer = setTimeout(() => {
      seen.current = latest;
      void load();
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [latest, load]);
}

function Paused({ platform }: { platform: PlatformOutbox }) {
  const { t, i18n } = useTranslation('welcome');
  const title = useStation((state) => state.platforms.find((one) => one.id === platform.platform)?.title);
  const now = useNow(true);
  const until = platform.pausedUntil ?? now;
  const name = title ?? platform.platform;
  return (
    <p className={styles.paused} data-testid={`paused-${platform.platform}`}>
      <Icon name="pause" />
      <span>
        {platform.failures > 0
          ? t('outbox.pausedFailed', { platform: name, count: platform.failures })
          : t('outbox.pausedAsked', { platform: name })}{' '}
        {t('outbox.nextTry', { when: formatWhen(until, now, i18n.language) })}
        {until > now && (
          <span aria-hidden="true"> {t('outbox.in', { time: formatDuration(until - now, i18n.language) })}</span>
        )}
      </span>
    </p>
  );
}

function Unfinished({ views }: { views: readonly EnrolmentView[] }) {
  const { t } = useTranslation('welcome');
  const latest = useDeliveries((state) => state.latest);
  const open = views
    .map((view) => ({ view, deliveries: currentDeliveries(view, latest).filter(isUnfinished) }))
    .filter(({ deliveries }) => deliveries.length > 0);
  // What needs somebody comes first; among those the newest, as the station lists them.
  const urgent = open.filter(({ deliveries }) => deliveries.some(needsSomebody));
  const sorted = [...urgent, ...open.filter((one) => !urgent.includes(one))];
  if (sorted.length === 0) return null;
  return (
    <>
      <ul className={styles.list}>
        {sorted.slice(0, LISTED).map(({ view, deliveries }) => (
          <Held key={view.id} view={view} deliveries={deliveries} />
        ))}
      </ul>
      {sorted.length > LISTED && <p className={styles.empty}>{t('outbox.more', { count: sorted.length - LISTED })}</p>}
    </>
  );
}

function Held({ view, deliveries }: { view: EnrolmentView; deliveries: Delivery[] }) {
  const { t, i18n } = useTranslation(['welcome', 'receipts', 'common']);
  const show = useSession((state) => state.showEnrolment);
  const platforms = useStation((state) => state.platforms);
  const urgent = deliveries.filter(needsSomebody);
  const shown = urgent.length > 0 ? urgent : deliveries;
  const states = [...new Set(shown.map(({ state }) => state))];
  const titles = (state: Delivery['state']) =>
    shown
      .filter((delivery) => delivery.state === state)
      .map(({ platform }) => platforms.find((one) => one.id === platform)?.title ?? platform);
  return (
    <li>
      <button
        type="button"
        className={styles.recent}
        data-testid={`held-${view.code}`}
        data-attention={urgent.length > 0 || undefined}
        onClick={() => show(view)}
      >
        <span className={styles.recentText}>
          <span className={styles.connectionName}>{view.name}</span>
          <span className={styles.faint}>
            {view.code} · {formatWhen(view.createdAt, Date.now(), i18n.language)}
          </span>
          {states.map((state) => (
            <span key={state} className={styles.held}>
              {t('common:labelled', {
                label: t(`receipts:state.${state}`),
                text: formatList(titles(state), i18n.language),
              })}
            </span>
          ))}
        </span>
        <Icon name="chevron-right" />
      </button>
    </li>
  );
}
