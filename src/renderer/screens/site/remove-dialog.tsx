import { useState } from 'react';
import type { SitePlatform } from '#shared/calls/site';
import type { Fault } from '#shared/fault';
import { bridge } from '../../bridge.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { faultOf } from '../../lib/fault.ts';
import { useFaultWords } from '../../lib/fault-words.ts';
import { useSite } from '../../stores/site.ts';
import { useStation } from '../../stores/station.ts';
import styles from './site.module.css';

/** Takes a platform out of use: says what becomes of what waits for it and of the people there, and asks. */
export function RemovePlatform({
  platform,
  title,
  onClose,
}: {
  platform: SitePlatform;
  title: string;
  onClose(): void;
}) {
  const { t } = useTranslation('site');
  const words = useFaultWords();
  const [deliveries, setDeliveries] = useState<'keep' | 'stop'>('keep');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const { id, waiting, people } = platform;

  async function remove(): Promise<void> {
    setBusy(true);
    setFault(null);
    try {
      await bridge.call('site.remove', { id, deliveries });
      onClose();
      await Promise.all([useSite.getState().load(), useStation.getState().load()]);
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      open
      title={t('remove.title', { title, id })}
      confirm={t('remove.do')}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>{people === 0 ? t('remove.nobody') : t('remove.people', { count: people })}</p>
      {waiting > 0 && (
        <fieldset className={styles.choices}>
          <legend>{t('remove.waiting', { count: waiting })}</legend>
          {(['keep', 'stop'] as const).map((choice) => (
            <label key={choice} className={styles.check}>
              <input
                type="radio"
                name="deliveries"
                value={choice}
                data-testid={`deliveries-${choice}`}
                checked={deliveries === choice}
                onChange={() => setDeliveries(choice)}
              />
              <span>{t(`remove.${choice}`, { id })}</span>
            </label>
          ))}
        </fieldset>
      )}
      <p>{t('remove.secrets')}</p>
      {fault && <Notice tone="bad" live title={words(fault).title} />}
    </ConfirmDialog>
  );
}
