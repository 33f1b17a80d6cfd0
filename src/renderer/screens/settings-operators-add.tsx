import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Fault } from '#shared/fault';
import { operatorLabel, ROLES, type Role, sameLabel } from '#shared/operators';
import { bridge } from '../bridge.ts';
import { Button } from '../components/button.tsx';
import { Modal } from '../components/modal.tsx';
import { NewPinDialog } from '../components/new-pin-dialog.tsx';
import { PinDialog } from '../components/pin-dialog.tsx';
import { Select } from '../components/select.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useOperators } from '../stores/operators.ts';
import { usePin } from '../stores/pin.ts';
import styles from './settings.module.css';

/** Adds somebody: who, which role, and their PIN. The first is administrator, and gives the PIN that guarded the desk before. */
export function AddOperator({ first, onClose }: { first: boolean; onClose(): void }) {
  const { t } = useTranslation('operators');
  const { operators, manage } = useOperators(
    useShallow((state) => ({ operators: state.status?.operators ?? [], manage: state.manage })),
  );
  const { guarded, load } = usePin(useShallow((state) => ({ guarded: state.set === true, load: state.load })));
  const [label, setLabel] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [step, setStep] = useState<'who' | 'guard' | 'pin'>('who');
  const [trouble, setTrouble] = useState<'label' | 'taken' | null>(null);
  const [guardPin, setGuardPin] = useState<string | null>(null);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) void load();
  }, [first, load]);

  function named(event: FormEvent): void {
    event.preventDefault();
    const name = operatorLabel(label);
    if (name === null) setTrouble('label');
    else if (operators.some((one) => sameLabel(one.label, name))) setTrouble('taken');
    else {
      setLabel(name);
      setStep(first && guarded ? 'guard' : 'pin');
    }
  }

  async function add(pin: string): Promise<Fault | null> {
    const supervisorPin = guardPin === null ? {} : { supervisorPin: guardPin };
    const fault = await manage(() => bridge.call('operators.add', { label, role, pin, ...supervisorPin }));
    setGuardPin(null);
    if (!fault) onClose();
    return fault;
  }

  if (step === 'guard')
    return (
      <PinDialog
        open
        title={t('setUp')}
        body={t('guardBody')}
        label={t('guardLabel')}
        submit={t('next')}
        onPin={async (pin) => {
          const fault = await manage(() => bridge.call('pin.check', { pin }));
          if (fault) return fault;
          setGuardPin(pin);
          setStep('pin');
          return null;
        }}
        onClose={onClose}
      />
    );
  if (step === 'pin')
    return (
      <NewPinDialog
        title={t('pinTitle', { label })}
        body={t('pinBody')}
        check={null}
        onChosen={(pin) => add(pin)}
        onClose={onClose}
      />
    );
  return (
    <Modal
      title={first ? t('setUp') : t('add')}
      description={first ? t('setUpBody') : t('addBody')}
      initialFocus={input}
      data-testid="add-operator-dialog"
      onClose={onClose}
    >
      <form className={styles.form} onSubmit={named}>
        <div className={styles.row}>
          <label className={styles.label} htmlFor={id}>
            {t('label')}
          </label>
          <input
            ref={input}
            id={id}
            className={styles.input}
            value={label}
            maxLength={32}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={trouble !== null || undefined}
            aria-describedby={`${id}-hint`}
            data-testid="operator-label"
            onChange={(event) => {
              setLabel(event.currentTarget.value);
              setTrouble(null);
            }}
          />
          <p id={`${id}-hint`} className={trouble ? styles.missing : styles.hint} role="status">
            {t(trouble === 'taken' ? 'labelTaken' : trouble ? 'labelWrong' : 'labelHint')}
          </p>
        </div>
        {!first && (
          <div className={styles.row}>
            <Select<Role>
              label={t('roleLabel')}
              value={role}
              choices={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
              onChange={setRole}
              testId="operator-role"
            />
            <p className={styles.hint}>{t(`roleMay.${role}`)}</p>
          </div>
        )}
        <Button type="submit" variant="primary" size="l" data-testid="operator-next">
          {t('next')}
        </Button>
      </form>
    </Modal>
  );
}
