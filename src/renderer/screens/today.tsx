import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Fault } from '#shared/fault';
import type { VisitView } from '#shared/visits';
import { BadgeDialog } from '../components/badge-dialog.tsx';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { EmptyList, List } from '../components/list.tsx';
import { Notice, ScreenHead } from '../components/screen.tsx';
import { SearchField } from '../components/search-field.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { useDeskScan } from '../lib/use-desk-scan.ts';
import { countFilters, FILTERS, matching } from '../lib/visit-filter.ts';
import { useSession } from '../stores/session.ts';
import { useVisits, type When } from '../stores/visits.ts';
import styles from './today.module.css';
import { RegisterVisitors } from './today-register.tsx';
import { CheckedOut, VisitRow } from './today-row.tsx';

/** Others may check people in and out too, and time goes on: the list is asked for again so often. */
const AGAIN_MS = 30_000;

/** The day's visitors: who is expected, who is here, who has left, and what is to be done about them. */
export function Today() {
  const { t } = useTranslation('visits');
  const { visits, when, filter, loading, fault, actionFault, checkedOut, asked } = useVisits();
  const { ask, choose, load, checkOut, cancel } = useVisits.getState();
  const { reset, welcomeVisitor } = useSession(useShallow(({ reset, welcomeVisitor }) => ({ reset, welcomeVisitor })));
  const trouble = fault ?? actionFault;
  const [query, setQuery] = useState('');
  const [badge, setBadge] = useState<VisitView | null>(null);
  const input = useRef<HTMLInputElement>(null);
  // What the scanner typed into the search was no search.
  useDeskScan(() => setQuery(''));

  useEffect(() => {
    input.current?.focus();
    void load();
    const timer = setInterval(() => void load(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [load]);

  const found = matching(visits ?? [], query, 'all');
  const shown = matching(found, '', filter);
  const counts = countFilters(found);
  return (
    <section className={styles.today} data-testid="today">
      <ScreenHead title={t('title')} focus={false} onBack={reset} />
      <div className={styles.ways}>
        <Button variant="primary" icon="camera" data-testid="walk-in" onClick={() => welcomeVisitor(null)}>
          {t('walkIn')}
        </Button>
        <RegisterVisitors />
      </div>
      <SearchField
        ref={input}
        label={t('search')}
        hint={t('searchHint')}
        value={query}
        busy={loading && visits === null}
        onChange={setQuery}
      />
      <div className={styles.filters}>
        <fieldset className={styles.choices}>
          <legend className="hidden-text">{t('day')}</legend>
          {(['today', 'later'] as const).map((one: When) => (
            <Choice
              key={one}
              name="day"
              checked={when === one}
              testId={`day-${one}`}
              onChoose={() => {
                choose('all');
                void load(one);
              }}
            >
              {t(`when.${one}`)}
            </Choice>
          ))}
        </fieldset>
        {when === 'today' && (
          <fieldset className={styles.choices}>
            <legend className="hidden-text">{t('show')}</legend>
            {FILTERS.map((one) => (
              <Choice
                key={one}
                name="filter"
                checked={filter === one}
                testId={`filter-${one}`}
                onChoose={() => choose(one)}
              >
                {t(`filter.${one}`)} <span className={styles.number}>{counts[one]}</span>
              </Choice>
            ))}
          </fieldset>
        )}
      </div>
      {trouble && <Trouble fault={trouble} onRetry={() => void load()} />}
      {checkedOut && <CheckedOut told={checkedOut} />}
      <p className={styles.count} role="status" data-testid="found">
        {visits && !fault && t('count', { count: shown.length })}
      </p>
      {shown.length > 0 ? (
        <List busy={loading}>
          {shown.map((visit) => (
            <VisitRow
              key={visit.id}
              visit={visit}
              onWelcome={() => welcomeVisitor(visit)}
              onLeave={() => ask({ what: 'checkOut', visit, scanned: false })}
              onCancel={() => ask({ what: 'cancel', visit, scanned: false })}
              onBadge={() => setBadge(visit)}
            />
          ))}
        </List>
      ) : (
        !fault && <EmptyList>{visits ? t(visits.length === 0 ? `empty.${when}` : 'empty.search') : null}</EmptyList>
      )}
      {asked && (
        <ConfirmDialog
          open
          title={t(`${asked.what}.title`, { name: asked.visit.name })}
          confirm={t(`${asked.what}.confirm`)}
          onConfirm={() => {
            ask(null);
            void (asked.what === 'checkOut' ? checkOut(asked.visit.id) : cancel(asked.visit.id));
          }}
          onClose={() => ask(null)}
        >
          <p>{t(`${asked.what}.body`)}</p>
          {asked.scanned && <p>{t('checkOut.again')}</p>}
        </ConfirmDialog>
      )}
      {badge && (
        <BadgeDialog
          owner={{
            person: badge.person,
            enrolment: badge.enrolment,
            visit: badge.id,
            photoUrl: null,
            from: badge.from,
            to: badge.to,
          }}
          onClose={() => setBadge(null)}
        />
      )}
    </section>
  );
}

function Choice({
  name,
  checked,
  testId,
  children,
  onChoose,
}: {
  name: string;
  checked: boolean;
  testId: string;
  children: ReactNode;
  onChoose(): void;
}) {
  return (
    <label className={styles.choice}>
      <input
        className="hidden-text"
        type="radio"
        name={name}
        checked={checked}
        data-testid={testId}
        onChange={onChoose}
      />
      <span>{children}</span>
    </label>
  );
}

function Trouble({ fault, onRetry }: { fault: Fault; onRetry(): void }) {
  const { t } = useTranslation();
  const words = useFaultWords()(fault);
  return (
    <div data-testid="problem" data-problem={fault.code}>
      <Notice
        tone="bad"
        live
        title={words.title}
        actions={
          <Button icon="refresh" onClick={onRetry}>
            {t('retry')}
          </Button>
        }
      >
        <p>{words.help}</p>
      </Notice>
    </div>
  );
}
