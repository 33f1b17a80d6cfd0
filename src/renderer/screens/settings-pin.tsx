import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { Button, Spinner } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { PinDialog } from '../components/pin-dialog.tsx';
import { faultOf } from '../lib/fault.ts';
import { usePin } from '../stores/pin.ts';
import styles from './settings.module.css';

/** What is asked for next: the PIN that is set, a new one, the new one again. */
type Step = 'current' | 'new' | 'again';

/** Whether a supervisor's PIN guards what is forced, and how to set, change or remove it. */
export function PinSettings() {
  const { t } = useTranslation(['settings', 'pin']);
  const { set, load } = usePin(useShallow(({ set, load }) => ({ set, load })));
  const [goal, setGoal] = useState<'set' | 'remove' | null>(null);
  const [done, setDone] = useState<'set' | 'removed' | null>(null);
  useEffect(() => {
    void load();
  }, [load]);
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
      {goal && (
        <Change
          goal={goal}
          set={set === true}
          onClose={(changed) => {
            setGoal(null);
            if (changed) setDone(goal === 'set' ? 'set' : 'removed');
          }}
        />
      )}
    </div>
  );
}

const DIFFER: Fault = { kind: 'validation', code: 'pin-differs', message: 'the two PINs differ' };

/** Asks for what is needed, one PIN after the other. */
function Change({ goal, set, onClose }: { goal: 'set' | 'remove'; set: boolean; onClose(changed: boolean): void }) {
  const { t } = useTranslation(['settings', 'pin']);
  const { change, takeFault } = usePin.getState();
  const [step, setStep] = useState<Step>(set ? 'current' : 'new');
  const [differed, setDiffered] = useState(false);
  // In references, not in state: a PIN must not lie in what a developer's tool can list, nor outlive the dialog.
  const current = useRef<string | undefined>(undefined);
  const chosen = useRef<string | undefined>(undefined);

  async function onPin(pin: string): Promise<Fault | null> {
    if (step === 'current') {
      if (goal === 'remove') return finish(null, pin);
      try {
        await bridge.call('pin.check', { pin });
      } catch (error) {
        const fault = faultOf(error);
        takeFault(fault);
        return fault;
      }
      current.current = pin;
      setStep('new');
      return null;
    }
    if (step === 'new') {
      chosen.current = pin;
      setStep('again');
      return null;
    }
    if (pin !== chosen.current) {
      chosen.current = undefined;
      setDiffered(true);
      setStep('new');
      return null;
    }
    return finish(pin, current.current);
  }

  async function finish(pin: string | null, known: string | undefined): Promise<Fault | null> {
    const fault = await change(pin, known);
    if (!fault) onClose(true);
    return fault;
  }

  return (
    <PinDialog
      open
      title={goal === 'remove' ? t('pin.remove') : set ? t('pin.change') : t('pin.set')}
      body={goal === 'remove' ? t('pin.removeBody') : t('pin.setBody')}
      label={t(`pin.step.${step}`)}
      submit={step === 'again' ? t('pin.save') : goal === 'remove' ? t('pin.remove') : t('pin.next')}
      step={step}
      before={step === 'new' && differed ? DIFFER : null}
      onPin={onPin}
      onClose={() => onClose(false)}
    />
  );
}
