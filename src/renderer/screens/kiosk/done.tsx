import { type ReactNode, useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { EnrolmentView } from '#shared/contract';
import { Button, Spinner } from '../../components/button.tsx';
import { Icon, type IconName } from '../../components/icons.tsx';
import { ScreenHeading } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { type Summary, summarise } from '../../lib/summary.ts';
import { useKioskSeconds } from '../../lib/use-kiosk-clock.ts';
import { useSpoken } from '../../lib/voice.ts';
import { currentDeliveries, useDeliveries } from '../../stores/deliveries.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import { useSession } from '../../stores/session.ts';
import { useStation } from '../../stores/station.ts';
import { VisitorPasses } from '../receipts-pass.tsx';
import styles from './kiosk.module.css';

export function Sending() {
  const { t } = useTranslation('kiosk');
  return (
    <section className={styles.middle} aria-busy>
      <p className={styles.big}>
        <Spinner />
      </p>
      <ScreenHeading>{t('sending')}</ScreenHeading>
    </section>
  );
}

/** Welcome, and what happens next. */
export function Done() {
  const enrolment = useSession((state) => state.enrolment);
  return enrolment ? <Enrolled view={enrolment} /> : <HandedIn />;
}

/** How often it is asked how an enrolment goes that is on its way. */
const ASK_MS = 2_000;

const SIGNS: Record<Summary['phase'], IconName | null> = {
  working: null,
  done: 'check',
  waiting: 'clock',
  attention: 'people',
};

function Enrolled({ view }: { view: EnrolmentView }) {
  const { t } = useTranslation('kiosk');
  const { latest, refresh } = useDeliveries(useShallow(({ latest, refresh }) => ({ latest, refresh })));
  const tell = useKiosk((state) => state.tell);
  const deliveries = currentDeliveries(view, latest);
  const { phase, done, total } = summarise(deliveries);

  useEffect(() => {
    // What was told before the answer came was told to nobody.
    refresh(view.id).catch(() => undefined);
  }, [view.id, refresh]);
  useEffect(() => {
    // That it needs the desk is told to whoever asks, and only after a while (`station/kiosk-view.ts`).
    if (phase !== 'working') return;
    const timer = setInterval(() => void refresh(view.id).catch(() => undefined), ASK_MS);
    return () => clearInterval(timer);
  }, [phase, view.id, refresh]);
  useEffect(() => {
    // Whoever waits for their systems is there; the time to read begins when there is something to read.
    if (done >= 0 && phase) tell({ type: 'seen' });
  }, [done, phase, tell]);

  return (
    <Last
      phase={phase}
      title={t(`done.${phase}.title`, { name: view.name })}
      body={t(`done.${phase}.body`, { done, total })}
    >
      {view.kind === 'visitor' && <VisitorPasses view={{ ...view, deliveries }} badges={false} />}
    </Last>
  );
}

/** A new picture of somebody known waits for people. */
function HandedIn() {
  const { t } = useTranslation('kiosk');
  return <Last phase="done" title={t('handedIn.title')} body={t('handedIn.body')} />;
}

function Last({
  phase,
  title,
  body,
  children,
}: {
  phase: Summary['phase'];
  title: string;
  body: string;
  /** What the person takes along. */
  children?: ReactNode;
}) {
  const { t, i18n } = useTranslation('kiosk');
  const tell = useKiosk((state) => state.tell);
  const usualVoice = useStation((state) => state.settings.kioskVoice);
  const voice = useKiosk((state) => state.voice) ?? usualVoice;
  const seconds = useKioskSeconds();
  const sign = SIGNS[phase];
  useSpoken(`${title}. ${body}`, i18n.locale, voice && phase !== 'working');
  return (
    <section className={styles.middle} data-testid="kiosk-done" data-phase={phase}>
      <span className={styles.doneSign} data-phase={phase}>
        {sign ? <Icon name={sign} size="xl" /> : <Spinner />}
      </span>
      <div className={styles.words} role="status">
        <ScreenHeading>{title}</ScreenHeading>
        <p className={styles.lead}>{body}</p>
      </div>
      <div className={styles.take}>{children}</div>
      <div className={styles.actions}>
        <Button variant="primary" size="l" data-testid="kiosk-finish" onClick={() => tell({ type: 'finish' })}>
          {t('done.finish')}
        </Button>
      </div>
      {seconds !== null && (
        <p className={styles.hint} aria-hidden="true">
          {t('done.closes', { count: seconds })}
        </p>
      )}
    </section>
  );
}
