import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useTranslation } from '../i18n/index.ts';
import { useOperators, whoCanAgree } from '../stores/operators.ts';
import { usePin } from '../stores/pin.ts';
import { PinDialog } from './pin-dialog.tsx';
import { Select } from './select.tsx';

/** Asks for somebody who may do what whoever is signed in may not: for that one act, which then goes on by itself. */
export function StepUpDialog() {
  const { t } = useTranslation('operators');
  const { status, stepUp, approve, giveUp } = useOperators(
    useShallow(({ status, stepUp, approve, giveUp }) => ({ status, stepUp, approve, giveUp })),
  );
  const [chosen, setChosen] = useState('');
  const able = stepUp ? whoCanAgree(status, stepUp.role) : [];
  const label = able.some((one) => one.label === chosen) ? chosen : (able[0]?.label ?? '');
  useEffect(() => {
    // Each has their own PIN, and their own wrong ones.
    if (label) usePin.getState().forgetLock();
  }, [label]);
  if (!stepUp) return null;
  return (
    <PinDialog
      open
      title={t(`stepUp.title.${stepUp.role}`)}
      body={t('stepUp.body')}
      label={t('pinOf', { label })}
      submit={t('stepUp.agree')}
      step={label}
      onPin={(pin) => approve(label, pin)}
      onClose={giveUp}
    >
      {able.length > 1 && (
        <Select
          label={t('stepUp.who')}
          value={label}
          choices={able.map((one) => ({ value: one.label, label: one.label }))}
          onChange={setChosen}
          testId="step-up-who"
        />
      )}
    </PinDialog>
  );
}
