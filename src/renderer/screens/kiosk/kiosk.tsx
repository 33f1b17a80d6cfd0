import { useEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Icon, Mark } from '../../components/icons.tsx';
import { Keyboard } from '../../components/keyboard/keyboard.tsx';
import { LANGUAGE_NAMES, type Language, useTranslation } from '../../i18n/index.ts';
import { useKioskExits } from '../../lib/kiosk-exits.ts';
import { useKioskClock } from '../../lib/use-kiosk-clock.ts';
import { useHasVoice } from '../../lib/voice.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import type { KioskStep } from '../../stores/kiosk-flow.ts';
import { useOperators } from '../../stores/operators.ts';
import { useStation } from '../../stores/station.ts';
import { Attract } from './attract.tsx';
import { KioskCapture } from './capture.tsx';
import { Consent, Declined } from './consent.tsx';
import { KioskDetails } from './details.tsx';
import { Done, Sending } from './done.tsx';
import styles from './kiosk.module.css';
import { LeaveDialog } from './leave.tsx';
import { Checking, Confirm, Retry } from './picture.tsx';
import { Purpose } from './purpose.tsx';
import { StillThere } from './still-there.tsx';
import { Unguarded } from './unguarded.tsx';

/** The whole page where visitors serve themselves: one screen, one question, and no way elsewhere but the staff's. */
export function Kiosk() {
  const { t } = useTranslation('kiosk');
  const { step, tell } = useKiosk(useShallow(({ flow, tell }) => ({ step: flow.step, tell })));
  const [leaving, setLeaving] = useState(false);
  const main = useRef<HTMLElement>(null);
  const guarded = useOperators((state) => state.status?.guarded ?? true);
  const keys = useKeyboard(step);
  useKioskClock();
  useKioskExits();
  useThumbSizes();
  useEffect(() => {
    // A new screen begins at its top, wherever the last one had been scrolled to.
    if (step) main.current?.scrollTo(0, 0);
  }, [step]);
  return (
    <div className={styles.kiosk} data-testid="kiosk" data-step={step} data-typing={keys.shown || undefined}>
      <header className={styles.bar}>
        <div className={styles.start}>
          {step === 'attract' ? (
            <span className={styles.brand}>
              <Mark />
            </span>
          ) : (
            <button
              type="button"
              className={styles.key}
              data-testid="kiosk-over"
              onClick={() => tell({ type: 'finish' })}
            >
              <Icon name="cross" />
              <span>{t('over')}</span>
            </button>
          )}
        </div>
        <div className={styles.end}>
          {keys.offered && !keys.shown && (
            <button
              type="button"
              className={styles.key}
              aria-label={t('keyboard')}
              title={t('keyboard')}
              data-testid="kiosk-keyboard"
              onClick={keys.show}
            >
              <Icon name="keyboard" />
            </button>
          )}
          {step !== 'attract' && <Voice />}
          {step !== 'attract' && <Languages />}
          {guarded && (
            <button
              type="button"
              className={styles.key}
              aria-label={t('staff')}
              title={t('staff')}
              data-testid="kiosk-leave"
              onClick={() => setLeaving(true)}
            >
              <Icon name="lock" />
            </button>
          )}
        </div>
      </header>
      <main ref={main} className={styles.main}>
        {guarded ? <Step /> : <Unguarded />}
      </main>
      {keys.shown && <Keyboard room={main} onHide={keys.hide} />}
      <StillThere />
      {leaving && <LeaveDialog onClose={() => setLeaving(false)} />}
    </div>
  );
}

/** The keyboard on the screen, where something is typed and the site has it. Whoever put it away has it back at the next form. */
function useKeyboard(step: KioskStep) {
  const wanted = useStation((state) => state.settings.kioskKeyboard);
  const [hidden, setHidden] = useState(false);
  const offered = wanted && step === 'details';
  useEffect(() => {
    if (offered) setHidden(false);
  }, [offered]);
  return { offered, shown: offered && !hidden, show: () => setHidden(false), hide: () => setHidden(true) };
}

/** For dialogs too, which lie outside of this screen. */
function useThumbSizes(): void {
  useEffect(() => {
    document.documentElement.dataset.kiosk = '';
    return () => {
      delete document.documentElement.dataset.kiosk;
    };
  }, []);
}

function Step() {
  const step = useKiosk((state) => state.flow.step);
  switch (step) {
    case 'attract':
      return <Attract />;
    case 'purpose':
      return <Purpose />;
    case 'consent':
      return <Consent />;
    case 'declined':
      return <Declined />;
    case 'capture':
      return <KioskCapture />;
    case 'checking':
      return <Checking />;
    case 'retry':
      return <Retry />;
    case 'confirm':
      return <Confirm />;
    case 'details':
      return <KioskDetails />;
    case 'sending':
      return <Sending />;
    case 'done':
      return <Done />;
  }
}

/** The other languages; of whoever stands there alone. */
function Languages() {
  const { i18n } = useTranslation();
  const tell = useKiosk((state) => state.tell);
  return (Object.keys(LANGUAGE_NAMES) as Language[])
    .filter((language) => language !== i18n.locale)
    .map((language) => (
      <button
        key={language}
        type="button"
        lang={language}
        className={styles.key}
        data-testid={`kiosk-speak-${language}`}
        onClick={() => tell({ type: 'speak', language })}
      >
        {LANGUAGE_NAMES[language]}
      </button>
    ));
}

/** Spoken instructions, where the machine can. */
function Voice() {
  const { t, i18n } = useTranslation('kiosk');
  const { chosen, setVoice } = useKiosk(useShallow(({ voice, setVoice }) => ({ chosen: voice, setVoice })));
  const usual = useStation((state) => state.settings.kioskVoice);
  const has = useHasVoice(i18n.locale);
  if (!has) return null;
  const on = chosen ?? usual;
  return (
    <button
      type="button"
      className={styles.key}
      aria-label={t('voice')}
      title={t('voice')}
      aria-pressed={on}
      data-testid="kiosk-voice"
      onClick={() => setVoice(!on)}
    >
      <Icon name={on ? 'sound' : 'sound-off'} />
    </button>
  );
}
