import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { PlatformView } from '#shared/contract';
import type { Delivery, Question } from '#shared/delivery';
import type { Fault } from '#shared/fault';
import { Button } from '../components/button.tsx';
import { STATE_LOOK, StateMark } from '../components/state-mark.tsx';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatDuration } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';
import { useDeliveries } from '../stores/deliveries.ts';
import styles from './receipts.module.css';

const RETRYABLE: ReadonlySet<Delivery['state']> = new Set(['waiting', 'refused', 'abandoned']);

/** What became of a person on one platform, in words, and what can be done. */
export function Receipt({ delivery, platform }: { delivery: Delivery; platform: PlatformView | null }) {
  const { t } = useTranslation(['receipts', 'common']);
  const { busy, fault, retry } = useDeliveries(
    useShallow((state) => ({
      busy: state.busy[delivery.id] === true,
      fault: state.faults[delivery.id] ?? null,
      retry: state.retry,
    })),
  );
  const title = platform?.title ?? delivery.platform;
  const { tone } = STATE_LOOK[delivery.state];
  const step = delivery.state === 'running' ? delivery.steps.findLast((one) => one.outcome === 'running') : undefined;
  return (
    <li
      className={styles.receipt}
      data-testid={`receipt-${delivery.platform}`}
      data-state={delivery.state}
      data-tone={tone}
    >
      <StateMark state={delivery.state} />
      <div className={styles.body}>
        <div className={styles.line}>
          <h2 className={styles.platform}>{title}</h2>
          <p className={styles.state} role="status">
            {t(`state.${delivery.state}`)}
          </p>
        </div>
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
          {delivery.state === 'waiting' && <NextTry at={delivery.nextAttemptAt} />}
        </p>
        {delivery.error && <ErrorWords fault={delivery.error} platform={platform} />}
        {delivery.warnings.map((warning) => (
          <p key={warning} className={styles.warning}>
            {t('common:labelled', { label: t('warning'), text: warning })}
          </p>
        ))}
        {delivery.state === 'asking' && delivery.question && (
          <Ask delivery={delivery.id} question={delivery.question} busy={busy} />
        )}
        {fault && <ErrorWords fault={fault} platform={platform} />}
        {RETRYABLE.has(delivery.state) && (
          <div className={styles.buttons}>
            <Button icon="refresh" busy={busy} data-testid="retry" onClick={() => void retry(delivery.id)}>
              {delivery.state === 'waiting' ? t('retryNow') : t('common:retry')}
            </Button>
          </div>
        )}
      </div>
    </li>
  );
}

function NextTry({ at }: { at: number | null }) {
  const { t, i18n } = useTranslation('receipts');
  const now = useNow(at !== null);
  if (at === null) return null;
  // The words change every second: silent for screen readers, the state beside them has been read.
  return (
    <span aria-hidden="true">
      {at > now ? t('nextTry', { time: formatDuration(at - now, i18n.language) }) : t('nextTryNow')}
    </span>
  );
}

function ErrorWords({ fault, platform }: { fault: Fault; platform: PlatformView | null }) {
  const { t } = useTranslation(['receipts', 'common']);
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

function Ask({ delivery, question, busy }: { delivery: string; question: Question; busy: boolean }) {
  const { t } = useTranslation('receipts');
  const answer = useDeliveries((state) => state.answer);
  const { name, code, personId } = question.candidate;
  const who = [name, code, personId].filter(Boolean).join(' · ');
  return (
    <div className={styles.question}>
      <p className={styles.questionTitle}>{t(`question.${question.kind}`)}</p>
      {who && <p>{t('question.candidate', { who })}</p>}
      {!question.canForce && <p>{t('question.noForce')}</p>}
      <div className={styles.buttons}>
        {question.canForce && (
          <Button
            variant="primary"
            busy={busy}
            data-testid="answer-force"
            onClick={() => void answer(delivery, 'force')}
          >
            {question.kind === 'exists' ? t('question.update') : t('question.force')}
          </Button>
        )}
        <Button busy={busy} data-testid="answer-stop" onClick={() => void answer(delivery, 'stop')}>
          {t('question.stop')}
        </Button>
      </div>
    </div>
  );
}
