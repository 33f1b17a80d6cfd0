import { useEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { EnrolmentView } from '#shared/contract';
import type { FaultKind } from '#shared/fault';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { List } from '../components/list.tsx';
import { ScreenHeading } from '../components/screen.tsx';
import { useTranslation } from '../i18n/index.ts';
import { questionOf } from '../lib/asked.ts';
import { type Summary, summarise } from '../lib/summary.ts';
import { useDeskScan } from '../lib/use-desk-scan.ts';
import { currentDeliveries, useDeliveries } from '../stores/deliveries.ts';
import { useGates } from '../stores/gates.ts';
import { usePeople } from '../stores/people.ts';
import { useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import { Receipt } from './receipt.tsx';
import styles from './receipts.module.css';
import { VisitorPasses } from './receipts-pass.tsx';

/** One receipt per platform, kept up to date, and what to do where one has none. */
export function Receipts() {
  const enrolment = useSession((state) => state.enrolment);
  return enrolment ? <EnrolmentReceipts key={enrolment.id} view={enrolment} /> : null;
}

function EnrolmentReceipts({ view }: { view: EnrolmentView }) {
  const { t } = useTranslation('receipts');
  const { ownDraft, go, reset, retake } = useSession(
    useShallow(({ ownDraft, go, reset, retake }) => ({ ownDraft, go, reset, retake })),
  );
  // Opened from a person's page, it leads back there.
  const shown = usePeople((state) => state.shown?.code === view.code);
  const { latest, refresh } = useDeliveries(useShallow(({ latest, refresh }) => ({ latest, refresh })));
  const platforms = useStation((state) => state.platforms);
  const deliveries = currentDeliveries(view, latest);
  const summary = summarise(deliveries);
  const loadProofs = useGates((state) => state.loadProofs);
  const next = useRef<HTMLButtonElement>(null);
  useDeskScan();

  useEffect(() => {
    // What is shown may be as old as the list it was opened from.
    refresh(view.id).catch(() => undefined);
    void loadProofs(view.code);
  }, [view.id, view.code, refresh, loadProofs]);

  // Whoever is asked sees the answers: above the bar, and once more when nothing moves the receipts any longer.
  const list = useRef<HTMLElement>(null);
  const asked = deliveries.find((delivery) => questionOf(delivery, view.code) !== null)?.id;
  useEffect(() => {
    if (asked && summary.phase) list.current?.querySelector('[data-question]')?.scrollIntoView({ block: 'nearest' });
  }, [asked, summary.phase]);

  const done = summary.phase === 'done';
  useEffect(() => {
    if (done) next.current?.focus({ preventScroll: true });
  }, [done]);

  // What the person can put right is still here as long as nobody has gone on to the next one.
  const refusedFor = (...kinds: FaultKind[]) =>
    ownDraft && deliveries.some(({ state, error }) => state === 'refused' && error && kinds.includes(error.kind));
  return (
    <section ref={list} className={styles.receipts} data-testid="receipts" data-phase={summary.phase}>
      <div className={styles.head} data-phase={summary.phase}>
        {done && <DoneSign />}
        <div className={styles.headText} role="status">
          <Title summary={summary} name={view.name} />
        </div>
        <p className={styles.who}>
          <Icon name="person" />
          <span>{view.name}</span>
          <span className={styles.code}>
            {t('code')} {view.code}
          </span>
        </p>
      </div>
      <List>
        {deliveries.map((delivery) => (
          <Receipt
            key={delivery.id}
            delivery={delivery}
            platform={platforms.find((platform) => platform.id === delivery.platform) ?? null}
            name={view.name}
            code={view.code}
          />
        ))}
      </List>
      {view.kind === 'visitor' && deliveries.length > 0 && <VisitorPasses view={{ ...view, deliveries }} />}
      <div className={styles.actions}>
        <Button
          ref={next}
          variant="primary"
          size="l"
          icon={ownDraft && !shown ? 'arrow-right' : 'arrow-left'}
          data-testid="next-person"
          onClick={() => (shown ? go('person') : reset())}
        >
          {shown ? t('toPerson') : ownDraft ? t('next') : t('home')}
        </Button>
        {refusedFor('validation', 'exists') && (
          <Button size="l" icon="person" data-testid="edit-details" onClick={() => go('details')}>
            {t('edit')}
          </Button>
        )}
        {refusedFor('quality') && (
          <Button size="l" icon="camera" data-testid="retake" onClick={retake}>
            {t('retake')}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Where an enrolment as a whole is, in words. */
function Title({ summary, name }: { summary: Summary; name: string }) {
  const { t } = useTranslation('receipts');
  const { total, done, attention, doorPending } = summary;
  const [title, body] = {
    working: [t('workingTitle', { name }), t('workingBody')],
    done: [
      t('doneTitle', { count: total }),
      doorPending > 0 ? t('doneDoorPending', { count: doorPending }) : t('doneBody', { name }),
    ],
    waiting: [t('waitingTitle', { done, count: total }), t('waitingBody')],
    attention: [t('attentionTitle', { count: attention }), t('attentionBody', { done, total })],
  }[summary.phase];
  return (
    <>
      <ScreenHeading>{title}</ScreenHeading>
      <p className={styles.lead}>{body}</p>
    </>
  );
}

function DoneSign() {
  return (
    <svg className={styles.doneSign} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <circle cx="32" cy="32" r="30" />
      <path d="m20 33 8.5 8.5L45 24" pathLength="1" />
    </svg>
  );
}
