import { useShallow } from 'zustand/react/shallow';
import type { Output } from '#shared/contract';
import type { VisitView } from '#shared/visits';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { formatList, formatWhen } from '../lib/format.ts';
import { useStation } from '../stores/station.ts';
import { useVisits } from '../stores/visits.ts';
import styles from './today.module.css';

/** One visitor: who, to whom, when, how it stands, and what can be done now. */
export function VisitRow({
  visit,
  onWelcome,
  onLeave,
  onCancel,
  onBadge,
}: {
  visit: VisitView;
  onWelcome(): void;
  onLeave(): void;
  onCancel(): void;
  onBadge(): void;
}) {
  const { t, i18n } = useTranslation('visits');
  const { busy, checkIn, checkOut } = useVisits(
    useShallow(({ busy, checkIn, checkOut }) => ({ busy: busy === visit.id, checkIn, checkOut })),
  );
  const title = usePlatformTitle();
  const { name, code, state, person, enrolment, accessLeft, hostName } = visit;
  const { company, purpose } = person.visit ?? {};
  const host = hostName ?? person.visit?.host;
  const awaited = state === 'expected' || state === 'overdue';
  const present = state === 'here' || state === 'overstay';
  const facts = [company, host && t('to', { host }), purpose].filter(Boolean).join(' · ');
  return (
    <li className={styles.row} data-testid={`visit-${code}`} data-state={state}>
      <div className={styles.text}>
        <p className={styles.name}>{name}</p>
        {facts && <p className={styles.facts}>{facts}</p>}
        <p className={styles.faint}>
          {code} · <Times visit={visit} language={i18n.locale} />
        </p>
        {accessLeft.length > 0 && (
          <p className={styles.access} role="status">
            {t('accessLeft', { platforms: formatList(accessLeft.map(title), i18n.locale) })}
          </p>
        )}
      </div>
      <span className={styles.state} data-state={state}>
        {t(`state.${state}`)}
      </span>
      <div className={styles.acts}>
        {awaited && (
          <>
            <Button variant="quiet" icon="cross" data-testid="cancel" onClick={onCancel}>
              {t('cancel.do')}
            </Button>
            <Button
              icon={enrolment === null ? 'camera' : 'check'}
              busy={busy}
              data-testid="arrive"
              onClick={() => (enrolment === null ? onWelcome() : void checkIn(visit.id))}
            >
              {t(enrolment === null ? 'welcome' : 'checkIn')}
            </Button>
          </>
        )}
        {present && (
          <>
            <Button variant="quiet" icon="printer" data-testid="open-badge" onClick={onBadge}>
              {t('badge.short')}
            </Button>
            <Button icon="sign-out" busy={busy} data-testid="check-out" onClick={onLeave}>
              {t('checkOut.do')}
            </Button>
          </>
        )}
        {accessLeft.length > 0 && (
          <Button icon="refresh" busy={busy} data-testid="finish" onClick={() => void checkOut(visit.id)}>
            {t('finish')}
          </Button>
        )}
      </div>
    </li>
  );
}

function Times({ visit, language }: { visit: VisitView; language: string }) {
  const { t } = useTranslation('visits');
  const at = (time: number) => formatWhen(time, Date.now(), language);
  // An end on the day of the beginning needs no day of its own.
  const span = (begin: number, end: number) => ({ from: at(begin), to: formatWhen(end, begin, language) });
  const { from, to, arrivedAt, leftAt } = visit;
  if (leftAt !== null && arrivedAt !== null) return t('times.left', span(arrivedAt, leftAt));
  if (arrivedAt !== null) return t('times.here', { from: at(arrivedAt), to: at(to) });
  return t('times.expected', span(from, to));
}

/** What came of a check-out: on which platforms access ended, and on which it could not be ended yet. */
export function CheckedOut({ told: { visit, results } }: { told: Output<'visits.checkOut'> }) {
  const { t, i18n } = useTranslation('visits');
  const title = usePlatformTitle();
  const failed = results.filter(({ fault }) => fault !== null).map(({ platform }) => title(platform));
  return (
    <div data-testid="checked-out" data-outcome={failed.length === 0 ? 'done' : 'partly'}>
      <Notice tone={failed.length === 0 ? 'good' : 'wait'} live title={t('checkedOut.title', { name: visit.name })}>
        <p>
          {failed.length === 0
            ? t('checkedOut.body')
            : t('checkedOut.failed', { platforms: formatList(failed, i18n.locale) })}
        </p>
      </Notice>
    </div>
  );
}

function usePlatformTitle(): (id: string) => string {
  const platforms = useStation((state) => state.platforms);
  return (id) => platforms.find((one) => one.id === id)?.title ?? id;
}
