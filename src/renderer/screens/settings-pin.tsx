import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { Button, Spinner } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { NewPinDialog } from '../components/new-pin-dialog.tsx';
import { PinDialog } from '../components/pin-dialog.tsx';
import { useTranslation } from '../i18n/index.ts';
import { faultOf } from '../lib/fault.ts';
import { usePin } from '../stores/pin.ts';
import styles from './settings.module.css';

/** Whether a supervisor's PIN guards what is forced, and how to set, change or remove it. */
export function PinSettings() {
  const { t } = useTranslation('settings');
  const { set, load, change } = usePin(useShallow(({ set, load, change }) => ({ set, load, change })));
  const [goal, setGoal] = useState<'set' | 'remove' | null>(null);
  const [done, setDone] = useState<'set' | 'removed' | null>(null);
  useEffect(() => {
    void load();
  }, [load]);

  async function finish(what: 'set' | 'removed', changing: Promise<Fault | null>): Promise<Fault | null> {
    const fault = await changing;
    if (fault) return fault;
    setGoal(null);
    setDone(what);
    return null;
  }

  return (
    <div className={styles.form}>
      <p className={styles.hint}>{t('pin.what')}</p>
      <p className={styles.verdict} data-tone={set ? 'good' : undefined} role="status" data-testid="pin-status">
        {set === null ? <Spinner /> : <Icon name={set ? 'shield' : 'alert'} />}
        {set !== null && (done ? t(`pin.done.${done}`) : set ? t('pin.isSet') : t('pin.isNotSet'))}
      </p>
      <div className={styles.buttons}>
        <Button icon="shield" data-testid="pin-set" onClick={() => setGoal('set')}>
          {set ? t('pin.change') : t('pin.set')}
        </Button>
        {set && (
          <Button variant="quiet" icon="trash" data-testid="pin-remove" onClick={() => setGoal('remove')}>
            {t('pin.remove')}
          </Button>
        )}
      </div>
      {goal === 'set' && (
        <NewPinDialog
          title={set ? t('pin.change') : t('pin.set')}
          body={t('pin.setBody')}
          check={set ? check : null}
          onChosen={(pin, current) => finish('set', change(pin, current))}
          onClose={() => setGoal(null)}
        />
      )}
      {goal === 'remove' && (
        <PinDialog
          open
          title={t('pin.remove')}
          body={t('pin.removeBody')}
          label={t('pin.step.current')}
          submit={t('pin.remove')}
          onPin={(pin) => finish('removed', change(null, pin))}
          onClose={() => setGoal(null)}
        />
      )}
    </div>
  );
}

/** Whether it is the PIN that is set; resolves with why not. */
async function check(pin: string): Promise<Fault | null> {
  try {
    await bridge.call('pin.check', { pin });
    return null;
  } catch (error) {
    const fault = faultOf(error);
    usePin.getState().takeFault(fault);
    return fault;
  }
}
