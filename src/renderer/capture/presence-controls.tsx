import { useState } from 'react';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { Button } from '../components/button.tsx';
import { PinDialog } from '../components/pin-dialog.tsx';
import { useTranslation } from '../i18n/index.ts';
import { faultOf, isPinFault } from '../lib/fault.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { usePin } from '../stores/pin.ts';
import styles from './presence-controls.module.css';

/** Another try where the tries are used up, and the way round the check for whoever may permit it. */
export function PresenceControls({
  stuck,
  onRetry,
  onSkip,
}: {
  stuck: boolean;
  onRetry(): void;
  onSkip(permission: string): void;
}) {
  const { t } = useTranslation('capture');
  const words = useFaultWords();
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);

  async function permit(pin?: string): Promise<Fault | null> {
    try {
      const { permission } = await bridge.call('presence.skip', pin === undefined ? {} : { pin });
      setFault(null);
      onSkip(permission);
      return null;
    } catch (error) {
      const refused = faultOf(error);
      usePin.getState().takeFault(refused);
      return refused;
    }
  }

  async function skip(): Promise<void> {
    const refused = await permit();
    if (refused && isPinFault(refused)) setAsking(true);
    else setFault(refused);
  }

  return (
    <div className={styles.controls}>
      {fault && (
        <p className={styles.note} role="alert">
          {words(fault).title}
        </p>
      )}
      {stuck && (
        <Button variant="primary" icon="refresh" data-testid="presence-retry" onClick={onRetry}>
          {t('presence.retry')}
        </Button>
      )}
      <Button data-testid="presence-skip" onClick={() => void skip()}>
        {t('presence.skip')}
      </Button>
      <PinDialog
        open={asking}
        title={t('presence.pinTitle')}
        body={t('presence.pinBody')}
        label={t('presence.pinLabel')}
        submit={t('presence.skip')}
        onPin={permit}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}
