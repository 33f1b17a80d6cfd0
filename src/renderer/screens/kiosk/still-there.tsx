import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import dialog from '../../components/dialog.module.css';
import { useKioskSeconds } from '../../lib/use-kiosk-clock.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import styles from './kiosk.module.css';

/** Asks whoever has not been seen for a while; says how long until everything of theirs is gone. */
export function StillThere() {
  const { t } = useTranslation('kiosk');
  const warned = useKiosk((state) => state.flow.warned);
  const tell = useKiosk((state) => state.tell);
  const stay = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open={warned} onOpenChange={(open) => !open && tell({ type: 'seen' })}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={dialog.backdrop} />
        <AlertDialog.Popup className={dialog.popup} initialFocus={stay} data-testid="kiosk-warning">
          <AlertDialog.Title className={dialog.title}>{t('idle.title')}</AlertDialog.Title>
          <AlertDialog.Description className={dialog.text}>{t('idle.body')}</AlertDialog.Description>
          <Countdown />
          <div className={styles.actions}>
            <Button
              ref={stay}
              variant="primary"
              size="l"
              data-testid="kiosk-stay"
              onClick={() => tell({ type: 'seen' })}
            >
              {t('idle.stay')}
            </Button>
            <Button size="l" onClick={() => tell({ type: 'finish' })}>
              {t('over')}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
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
