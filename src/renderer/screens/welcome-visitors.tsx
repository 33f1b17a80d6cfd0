import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { VisitView } from '#shared/visits';
import { Button } from '../components/button.tsx';
import { Icon, type IconName } from '../components/icons.tsx';
import type { Tone } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { formatWhen } from '../lib/format.ts';
import { countFilters, type Filter } from '../lib/visit-filter.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import { useVisits } from '../stores/visits.ts';
import styles from './welcome.module.css';
import { Tallies } from './welcome-tallies.tsx';

/** Others check people in and out, and time goes on. */
const ASK_AGAIN_MS = 30_000;
/** Who needs somebody, as many as fit beside the rest; all are on their own screen. */
const MOST = 3;

const COUNTS: readonly { key: Extract<Filter, 'expected' | 'here' | 'overstay'>; icon: IconName; tone: Tone }[] = [
  { key: 'expected', icon: 'clock', tone: 'info' },
  { key: 'here', icon: 'people', tone: 'good' },
  { key: 'overstay', icon: 'alert', tone: 'bad' },
];

/** The day's visitors at a glance: how many are expected, here and past their time, and who needs somebody. */
export function WelcomeVisitors() {
  const { t } = useTranslation('visits');
  const ready = useStation((state) => state.status === 'ready');
  const { visits, load, choose } = useVisits(useShallow(({ visits, load, choose }) => ({ visits, load, choose })));
  const go = useSession((state) => state.go);
  useEffect(() => {
    if (!ready) return;
    void load('today');
    const timer = setInterval(() => void load('today'), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [ready, load]);
  if (!visits || visits.length === 0) return null;
  const counts = countFilters(visits);
  const pressing = visits.filter(({ state }) => state === 'overstay' || state === 'overdue');
  return (
    <section className={styles.panel} aria-labelledby="visitors-today" data-testid="welcome-visitors">
      <div className={styles.panelHead}>
        <h2 id="visitors-today">{t('glance.title')}</h2>
      </div>
      <Tallies
        tallies={COUNTS.map(({ key, ...look }) => ({
          ...look,
          id: `visitors-${key}`,
          count: counts[key],
          label: t(`glance.${key}`),
          onOpen: () => {
            choose(key);
            go('today');
          },
        }))}
      />
      {pressing.length > 0 && (
        <ul className={styles.list}>
          {pressing.slice(0, MOST).map((visit) => (
            <Pressing key={visit.id} visit={visit} onOpen={() => go('today')} />
          ))}
        </ul>
      )}
      {pressing.length > MOST && (
        <Button variant="quiet" icon="arrow-right" data-testid="all-visitors" onClick={() => go('today')}>
          {t('glance.more', { count: pressing.length - MOST })}
        </Button>
      )}
    </section>
  );
}

/** Somebody who stays too long, or has not come: the way to where something is done about it. */
function Pressing({ visit, onOpen }: { visit: VisitView; onOpen(): void }) {
  const { t, i18n } = useTranslation('visits');
  const { code, name, state, from, to, hostName, person } = visit;
  const host = hostName ?? person.visit?.host;
  const over = state === 'overstay';
  const since = formatWhen(over ? to : from, Date.now(), i18n.locale);
  return (
    <li>
      <button
        type="button"
        className={styles.recent}
        data-attention={over || undefined}
        data-testid={`pressing-${code}`}
        onClick={onOpen}
      >
        <span className={styles.recentText}>
          <span className={styles.connectionName}>{name}</span>
          <span className={styles.held}>
            {t(over ? 'glance.over' : 'glance.late', { time: since })}
            {host && ` · ${t('to', { host })}`}
          </span>
        </span>
        <Icon name="chevron-right" />
      </button>
    </li>
  );
}
