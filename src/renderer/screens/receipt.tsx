import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { PlatformView } from '#shared/contract';
import type { Delivery } from '#shared/delivery';
import type { Fault } from '#shared/fault';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { GateProofLine } from '../components/gate-proof.tsx';
import { DeliveryItem } from '../components/list.tsx';
import { Warnings } from '../components/warnings.tsx';
import { useTranslation } from '../i18n/index.ts';
import { questionOf } from '../lib/asked.ts';
import { isCounted, lookOf } from '../lib/delivery-look.ts';
import { doorCount } from '../lib/door-words.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatDuration } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';
import { useDeliveries } from '../stores/deliveries.ts';
import { Question } from './receipt-question.tsx';
import styles from './receipts.module.css';

const RETRYABLE: ReadonlySet<Delivery['state']> = new Set(['waiting', 'refused', 'abandoned']);
const STOPPABLE: ReadonlySet<Delivery['state']> = new Set(['queued', 'waiting', 'refused']);

/** What became of a person on one platform, in words, and what can be done. */
export function Receipt({
  delivery,
  platform,
  name,
  code,
}: {
  delivery: Delivery;
  platform: PlatformView | null;
  name: string;
  code: string;
}) {
  const { t } = useTranslation('receipts');
  const { busy, fault, retry } = useDeliveries(
    useShallow((state) => ({
      busy: state.busy[delivery.id] === true,
      fault: state.faults[delivery.id] ?? null,
      retry: state.retry,
    })),
  );
  const title = platform?.title ?? delivery.platform;
  const question = questionOf(delivery, code);
  return (
    <DeliveryItem testId={`receipt-${delivery.platform}`} delivery={delivery} platform={platform}>
      <Facts delivery={delivery} platform={platform} />
      <DoorWords delivery={delivery} />
      <GateProofLine delivery={delivery.id} />
      {platform === null && isCounted(delivery, null) && <p className={styles.warning}>{t('noSystem')}</p>}
      {delivery.error && <ErrorWords fault={delivery.error} platform={platform} />}
      <Warnings of={delivery.warnings} />
      {question && <Question delivery={delivery.id} question={question} busy={busy} name={name} code={code} />}
      {fault && <ErrorWords fault={fault} platform={platform} />}
      {(RETRYABLE.has(delivery.state) || STOPPABLE.has(delivery.state)) && (
        <div className={styles.buttons}>
          {RETRYABLE.has(delivery.state) && (
            <Button icon="refresh" busy={busy} data-testid="retry" onClick={() => void retry(delivery.id)}>
              {delivery.state === 'waiting' ? t('retryNow') : t('common:retry')}
            </Button>
          )}
          {STOPPABLE.has(delivery.state) && !question && (
            <Stop delivery={delivery} platform={title} name={name} busy={busy} />
          )}
        </div>
      )}
    </DeliveryItem>
  );
}

/** The small print: where, under which id, how often, and what comes next when. */
export function Facts({ delivery, platform }: { delivery: Delivery; platform: PlatformView | null }) {
  const { t } = useTranslation('receipts');
  const step = delivery.state === 'running' ? delivery.steps.findLast((one) => one.outcome === 'running') : undefined;
  return (
    <p className={styles.facts}>
      {platform && <span>{platform.host}</span>}
      {step && <span>{t('step', { name: step.name })}</span>}
      {delivery.personId && (
        <span>
          {t('common:labelled', { label: t('personId'), text: '' })}
          <code>{delivery.personId}</code>
        </span>
      )}
      {delivery.attempts > 1 && <span>{t('attempts', { count: delivery.attempts })}</span>}
      {delivery.state === 'waiting' && <Next at={delivery.nextAttemptAt} what="Try" />}
      {delivery.state === 'delivered' && <Next at={delivery.nextCheckAt ?? null} what="Check" />}
    </p>
  );
}

function Next({ at, what }: { at: number | null; what: 'Try' | 'Check' }) {
  const { t, i18n } = useTranslation('receipts');
  const now = useNow(at !== null);
  if (at === null) return null;
  // The words change every second: silent for screen readers, the state beside them has been read.
  return (
    <span aria-hidden="true">
      {at > now ? t(`next${what}`, { time: formatDuration(at - now, i18n.locale) }) : t(`next${what}Now`)}
    </span>
  );
}

/** What it means that the platform took somebody whom its doors do not let in (yet), and the platform's own words for it. */
export function DoorWords({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('receipts');
  const look = lookOf(delivery);
  if (look !== 'door-pending' && look !== 'door-failed' && look !== 'no-door') return null;
  const said = delivery.doorDetail ? doorCount(delivery.doorDetail) : null;
  return (
    <div className={styles.error}>
      <p>
        {t(`door.${look}`)} {said && t(`doors.${said.said}`, { count: said.count, total: said.total })}
      </p>
      {delivery.doorDetail && <p className={styles.small}>{delivery.doorDetail}</p>}
    </div>
  );
}

export function ErrorWords({ fault, platform }: { fault: Fault; platform: PlatformView | null }) {
  const { t } = useTranslation('receipts');
  const words = useFaultWords()(fault, platform);
  const what = words.meaning ? t('common:labelled', { label: words.title, text: words.meaning }) : words.title;
  return (
    <div className={styles.error}>
      <p>
        <strong>{t('common:sentence', { text: what })}</strong> {words.help}
      </p>
      <p className={styles.small}>
        {t('common:labelled', { label: t('answered'), text: '' })}
        <code>{fault.code}</code> {fault.message}
      </p>
    </div>
  );
}

/** Gives a delivery up, after asking: what waits would have arrived by itself. */
function Stop({
  delivery,
  platform,
  name,
  busy,
}: {
  delivery: Delivery;
  platform: string;
  name: string;
  busy: boolean;
}) {
  const { t } = useTranslation('receipts');
  const [asking, setAsking] = useState(false);
  const answer = useDeliveries((state) => state.answer);
  return (
    <>
      <Button variant="quiet" icon="cross" busy={busy} data-testid="stop" onClick={() => setAsking(true)}>
        {t('stop.action')}
      </Button>
      <ConfirmDialog
        open={asking}
        title={t('stop.title', { platform })}
        confirm={t('stop.confirm')}
        busy={busy}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          void answer(delivery.id, 'stop').then(() => setAsking(false));
        }}
      >
        <p>{t('stop.body', { name, platform })}</p>
      </ConfirmDialog>
    </>
  );
}
