import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { NewPinDialog } from '../../components/new-pin-dialog.tsx';
import { ScreenHeading } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useOperators } from '../../stores/operators.ts';
import { usePin } from '../../stores/pin.ts';
import { useStation } from '../../stores/station.ts';
import styles from './kiosk.module.css';

/** Opened for visitors on a station without a PIN: closed to them until whoever sets it up has chosen one. */
export function Unguarded() {
  const { t } = useTranslation('kiosk');
  const [choosing, setChoosing] = useState(false);
  const change = usePin((state) => state.change);
  const load = useOperators((state) => state.load);
  return (
    <section className={styles.middle} data-testid="kiosk-unguarded">
      <span className={styles.doneSign} data-phase="waiting">
        <Icon name="lock" size="xl" />
      </span>
      <ScreenHeading>{t('unguarded.title')}</ScreenHeading>
      <p className={styles.lead}>{t('unguarded.body')}</p>
      <div className={styles.actions}>
        <Button variant="primary" size="l" icon="lock" data-testid="kiosk-set-pin" onClick={() => setChoosing(true)}>
          {t('unguarded.set')}
        </Button>
      </div>
      <p className={styles.hint}>{t('unguarded.operators')}</p>
      {choosing && (
        <NewPinDialog
          title={t('unguarded.set')}
          body={t('unguarded.dialog')}
          check={null}
          onChosen={async (pin) => {
            const fault = await change(pin, undefined);
            if (!fault) await Promise.all([load(), useStation.getState().load()]);
            return fault;
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </section>
  );
}
