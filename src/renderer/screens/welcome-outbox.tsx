import { useEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Glance } from '#shared/calls/outbox';
import type { EnrolmentView } from '#shared/contract';
import type { Delivery } from '#shared/delivery';
import { Button } from '../components/button.tsx';
import { Icon, type IconName } from '../components/icons.tsx';
import type { Tone } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { isCounted, needsSomebody } from '../lib/delivery-look.ts';
import { formatDuration, formatList, formatWhen } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';
import { currentDeliveries, useDeliveries } from '../stores/deliveries.ts';
import { type PlatformOutbox, useOutbox } from '../stores/outbox.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './welcome.module.css';
import { Tallies } from './welcome-tallies.tsx';

/** How often the counts are asked for while Welcome is shown: what another process delivers sends no event here. */
const ASK_AGAIN_MS = 15_000;
/** Events of one enrolment come together: asked once when they have come to rest. */
const REST_MS = 400;

const COUNTS: readonly { key: Glance; icon: IconName; tone: Tone }[] = [
  { key: 'waiting', icon: 'clock', tone: 'info' },
  { key: 'asking', icon: 'question', tone: 'wait' },
  { key: 'refused', icon: 'cross', tone: 'bad' },
  { key: 'verified', icon: 'check', tone: 'good' },
];

/** Today at a glance: what has not arrived yet, of any day, where it is held up and whose it is; and what is proven to be there since midnight. */
export function Outbox() {
  const { t } = useTranslation('welcome');
  const { loaded, platforms, counts, only, show } = useOutbox(
    useShallow(({ loaded, platforms, counts, only, show }) => ({ loaded, platforms, counts, only, show })),
  );
  useFreshOutbox();
  if (!loaded) return null;
  const quiet = counts.waiting + counts.asking + counts.refused === 0;
  const troubled = platforms.filter(({ circuit }) => circuit !== 'closed');
  return (
    <section className={styles.panel} aria-labelledby="outbox" data-testid="outbox">
      <div className={styles.panelHead}>
        <h2 id="outbox">{t('outbox.title')}</h2>
        {quiet && <p className={styles.count}>{t('outbox.quiet')}</p>}
      </div>
      {(!quiet || counts.verified > 0) && (
        <Tallies
          tallies={COUNTS.map(({ key, ...look }) => ({
            ...look,
            id: `count-${key}`,
            count: counts[key],
            label: t(`outbox.${key}`),
            pressed: only === key,
            onOpen: () => void show(key),
          }))}
        />
      )}
      {troubled.map((platform) =>
        platform.circuit === 'open' ? (
          <Paused key={platform.platform} platform={platform} />
        ) : (
          <Probed key={platform.platform} platform={platform.platform} />
        ),
      )}
      <Listed />
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
        {t('outbox.nextTry', { when: formatWhen(until, now, i18n.locale) })}
        {until > now && (
          <span aria-hidden="true"> {t('outbox.in', { time: formatDuration(until - now, i18n.locale) })}</span>
        )}
      </span>
    </p>
  );
}

/** Half-open: the pause is over, and one delivery is to show whether the platform is back. */
function Probed({ platform }: { platform: string }) {
  const { t } = useTranslation('welcome');
  const title = useStation((state) => state.platforms.find((one) => one.id === platform)?.title);
  return (
    <p className={styles.paused} data-testid={`probed-${platform}`}>
      <Icon name="refresh" />
      <span>{t('outbox.probed', { platform: title ?? platform })}</span>
    </p>
  );
}

/** Everything unfinished, or what one of the counts counts. */
function Listed() {
  const { t } = useTranslation('welcome');
  const { views, total, only, more } = useOutbox(
    useShallow(({ listed, total, only, more }) => ({ views: listed, total, only, more })),
  );
  const latest = useDeliveries((state) => state.latest);
  const open = views
    .map((view) => ({ view, deliveries: currentDeliveries(view, latest).filter((one) => isCounted(one, only)) }))
    .filter(({ deliveries }) => deliveries.length > 0);
  if (open.length === 0)
    return only === null ? null : (
      <p className={styles.empty} data-testid="outbox-none">
        {t('outbox.none')}
      </p>
    );
  const hidden = total - views.length;
  return (
    <>
      <ul className={styles.list}>
        {open.map(({ view, deliveries }) => (
          <Held key={view.id} view={view} deliveries={deliveries} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button variant="quiet" data-testid="outbox-more" onClick={() => void more()}>
          {t('outbox.more', { count: hidden })}
        </Button>
      )}
    </>
  );
}

function Held({ view, deliveries }: { view: EnrolmentView; deliveries: Delivery[] }) {
  const { t, i18n } = useTranslation('welcome');
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
            {view.code} · {formatWhen(view.createdAt, Date.now(), i18n.locale)}
          </span>
          {states.map((state) => (
            <span key={state} className={styles.held}>
              {t('common:labelled', {
                label: t(`receipts:state.${state}`),
                text: formatList(titles(state), i18n.locale),
              })}
            </span>
          ))}
        </span>
        <Icon name="chevron-right" />
      </button>
    </li>
  );
}
