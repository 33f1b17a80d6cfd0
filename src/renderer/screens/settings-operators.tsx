import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Fault } from '#shared/fault';
import { type Operator, ROLES } from '#shared/operators';
import { bridge } from '../bridge.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Icon } from '../components/icons.tsx';
import { NewPinDialog } from '../components/new-pin-dialog.tsx';
import { Notice } from '../components/screen.tsx';
import { Select } from '../components/select.tsx';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { mayDo, useOperators } from '../stores/operators.ts';
import { useStation } from '../stores/station.ts';
import styles from './settings.module.css';
import { AddOperator } from './settings-operators-add.tsx';
import { PinSettings } from './settings-pin.tsx';

/** Minutes after which a desk locks; null never. */
const LOCKS = [1, 2, 5, 10, 30, 60] as const;

/** Who may sign in at this desk. Where nobody was set up: that it can be, and the one PIN there is instead. */
export function OperatorSettings() {
  const { t } = useTranslation('operators');
  const status = useOperators((state) => state.status);
  const [adding, setAdding] = useState(false);
  if (!status) return null;
  if (!status.setUp)
    return (
      <div className={styles.form}>
        <p className={styles.hint} data-testid="operators-proposal">
          {t('proposal')}
        </p>
        <div className={styles.buttons}>
          <Button icon="people" data-testid="operators-set-up" onClick={() => setAdding(true)}>
            {t('setUp')}
          </Button>
        </div>
        <PinSettings />
        {adding && <AddOperator first onClose={() => setAdding(false)} />}
      </div>
    );
  return (
    <div className={styles.form}>
      <OwnPin />
      {mayDo(status, 'administrator') ? (
        <Manage operators={status.operators} me={status.me?.label ?? null} />
      ) : (
        <p className={styles.hint}>{t('administratorsOnly')}</p>
      )}
    </div>
  );
}

/** One's own PIN, which only its owner knows. */
function OwnPin() {
  const { t } = useTranslation('operators');
  const { me, manage, signOut } = useOperators(
    useShallow((state) => ({ me: state.status?.me, manage: state.manage, signOut: state.signOut })),
  );
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  if (!me) return null;
  return (
    <>
      <p className={styles.verdict} role="status" data-testid="own-pin">
        <Icon name="person" />
        {done ? t('pinChanged') : t('signedInAs', { label: me.label, role: t(`role.${me.role}`) })}
      </p>
      <div className={styles.buttons}>
        <Button icon="shield" data-testid="change-pin" onClick={() => setOpen(true)}>
          {t('changePin')}
        </Button>
        <Button variant="quiet" icon="sign-out" data-testid="sign-out" onClick={() => void signOut(false)}>
          {t('signOut')}
        </Button>
      </div>
      {open && (
        <NewPinDialog
          title={t('changePin')}
          body={t('pinBody')}
          check={(pin) => manage(() => bridge.call('pin.check', { pin }))}
          onChosen={async (pin, current = '') => {
            const fault = await manage(() => bridge.call('operators.changePin', { current, pin }));
            if (fault) return fault;
            setOpen(false);
            setDone(true);
            return null;
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** Everybody who may sign in, for an administrator. */
function Manage({ operators, me }: { operators: readonly Operator[]; me: string | null }) {
  const { t } = useTranslation('operators');
  const manage = useOperators((state) => state.manage);
  const { minutes, save } = useStation(
    useShallow((state) => ({ minutes: state.settings.lockAfterMinutes, save: state.saveSettings })),
  );
  const words = useFaultWords();
  const [adding, setAdding] = useState(false);
  const [resetting, setResetting] = useState<string | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);

  async function act(work: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    setFault(await manage(work));
    setBusy(false);
    setRemoving(null);
  }

  return (
    <>
      {fault && (
        <Notice tone="bad" live title={words(fault).title}>
          <p>{words(fault).help}</p>
        </Notice>
      )}
      <ul className={styles.systems} data-testid="operators">
        {operators.map(({ label, role }) => (
          <li key={label} className={styles.system} data-testid={`manage-${label}`} data-role={role}>
            <div className={styles.systemHead}>
              <h3 className={styles.systemText}>{label}</h3>
              <Select
                label={t('roleOf', { label })}
                hideLabel
                value={role}
                choices={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
                onChange={(next) => void act(() => bridge.call('operators.setRole', { label, role: next }))}
              />
            </div>
            <p className={styles.hint}>{t(`roleMay.${role}`)}</p>
            {label !== me && (
              <div className={styles.buttons}>
                <Button variant="quiet" icon="shield" data-testid="reset-pin" onClick={() => setResetting(label)}>
                  {t('resetPin')}
                  <span className="hidden-text"> {label}</span>
                </Button>
                <Button variant="quiet" icon="trash" data-testid="remove-operator" onClick={() => setRemoving(label)}>
                  {t('remove')}
                  <span className="hidden-text"> {label}</span>
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      <div className={styles.buttons}>
        <Button icon="person" data-testid="add-operator" onClick={() => setAdding(true)}>
          {t('add')}
        </Button>
      </div>
      <Select
        label={t('lockAfter')}
        value={String(minutes)}
        choices={[
          ...[...new Set([...LOCKS, ...(minutes === null ? [] : [minutes])])]
            .sort((a, b) => a - b)
            .map((one) => ({ value: String(one), label: t('minutes', { count: one }) })),
          { value: 'null', label: t('never') },
        ]}
        onChange={(next) => void save({ lockAfterMinutes: next === 'null' ? null : Number(next) })}
        testId="lock-after"
      />
      {adding && <AddOperator first={false} onClose={() => setAdding(false)} />}
      {resetting !== null && (
        <NewPinDialog
          title={t('resetTitle', { label: resetting })}
          body={t('pinBody')}
          check={null}
          onChosen={async (pin) => {
            const refused = await manage(() => bridge.call('operators.resetPin', { label: resetting, pin }));
            if (!refused) setResetting(null);
            return refused;
          }}
          onClose={() => setResetting(null)}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        title={t('removeTitle', { label: removing ?? '' })}
        confirm={t('remove')}
        busy={busy}
        onConfirm={() => void act(() => bridge.call('operators.remove', { label: removing ?? '' }))}
        onClose={() => setRemoving(null)}
      >
        <p>{t('removeBody')}</p>
      </ConfirmDialog>
    </>
  );
}
