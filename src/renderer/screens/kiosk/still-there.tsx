import { useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { Modal } from '../../components/modal.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useKioskSeconds } from '../../lib/use-kiosk-clock.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import styles from './kiosk.module.css';

/** Asks whoever has not been seen for a while; says how long until everything of theirs is gone. */
export function StillThere() {
  const { t } = useTranslation('kiosk');
  const warned = useKiosk((state) => state.flow.warned);
  const tell = useKiosk((state) => state.tell);
  const stay = useRef<HTMLButtonElement>(null);
  if (!warned) return null;
  return (
    <Modal
      alert
      title={t('idle.title')}
      description={t('idle.body')}
      initialFocus={stay}
      data-testid="kiosk-warning"
      onClose={() => tell({ type: 'seen' })}
    >
      <Countdown />
      <div className={styles.actions}>
        <Button ref={stay} variant="primary" size="l" data-testid="kiosk-stay" onClick={() => tell({ type: 'seen' })}>
          {t('idle.stay')}
        </Button>
        <Button size="l" onClick={() => tell({ type: 'finish' })}>
          {t('over')}
        </Button>
      </div>
    </Modal>
  );
}

function Countdown() {
  const seconds = useKioskSeconds();
  // Said once by the dialog's text; a number every second would talk over everything.
  return (
    <p className={styles.countdown} aria-hidden="true">
      {seconds}
    </p>
  );
}
