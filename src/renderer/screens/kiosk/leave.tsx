import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Fault } from '#shared/fault';
import { PinDialog } from '../../components/pin-dialog.tsx';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import { useOperators } from '../../stores/operators.ts';
import { usePin } from '../../stores/pin.ts';

/** So long the dialog waits for a PIN nobody types. */
const PATIENCE_MS = 60_000;

/** Back to the desk, by an operator's PIN (or the supervisor's where there are no operators). */
export function LeaveDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('kiosk');
  const { operators, leave } = useOperators(
    useShallow(({ status, leaveKiosk }) => ({ operators: status?.operators ?? [], leave: leaveKiosk })),
  );
  const [chosen, setChosen] = useState('');
  const label = operators.some((one) => one.label === chosen) ? chosen : operators[0]?.label;

  useEffect(() => {
    void usePin.getState().load();
    const timer = setTimeout(onClose, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [onClose]);
  useEffect(() => {
    // Each has their own PIN, and their own wrong ones.
    if (label) usePin.getState().forgetLock();
  }, [label]);

  async function out(given: string): Promise<Fault | null> {
    const fault = await leave(label, given);
    if (!fault) useKiosk.getState().clear();
    return fault;
  }
  return (
    <PinDialog
      open
      title={t('leave.title')}
      body={t('leave.body')}
      label={label === undefined ? t('leave.pin') : t('operators:pinOf', { label })}
      submit={t('leave.submit')}
      step={label ?? ''}
      onPin={out}
      onClose={onClose}
    >
      {operators.length > 1 && (
        <Select
          label={t('operators:stepUp.who')}
          value={label ?? ''}
          choices={operators.map((one) => ({ value: one.label, label: one.label }))}
          onChange={setChosen}
          testId="leave-who"
        />
      )}
    </PinDialog>
  );
}
