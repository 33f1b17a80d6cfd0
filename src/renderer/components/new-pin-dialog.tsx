import { useRef, useState } from 'react';
import type { Fault } from '#shared/fault';
import { useTranslation } from '../i18n/index.ts';
import { PinDialog } from './pin-dialog.tsx';

/** What is asked for next: the PIN that is set, a new one, the new one again. */
type Step = 'current' | 'new' | 'again';

const DIFFER: Fault = { kind: 'validation', code: 'pin-differs', message: 'the two PINs differ' };

/** Asks for a new PIN twice, and before that for the present one where there is one. */
export function NewPinDialog({
  title,
  body,
  check,
  onChosen,
  onClose,
}: {
  title: string;
  body: string;
  /** Whether it is the present PIN, resolves with why not; null where none is asked for. */
  check: ((pin: string) => Promise<Fault | null>) | null;
  /** Resolves with why it was not taken. */
  onChosen(pin: string, current: string | undefined): Promise<Fault | null>;
  onClose(): void;
}) {
  const { t } = useTranslation('settings');
  const [step, setStep] = useState<Step>(check ? 'current' : 'new');
  const [differed, setDiffered] = useState(false);
  // In references, not in state: a PIN must not lie in what a developer's tool can list, nor outlive the dialog.
  const current = useRef<string | undefined>(undefined);
  const chosen = useRef<string | undefined>(undefined);

  async function onPin(pin: string): Promise<Fault | null> {
    if (step === 'current') {
      const fault = (await check?.(pin)) ?? null;
      if (fault) return fault;
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
    return onChosen(pin, current.current);
  }

  return (
    <PinDialog
      open
      title={title}
      body={body}
      label={t(`pin.step.${step}`)}
      submit={step === 'again' ? t('pin.save') : t('pin.next')}
      step={step}
      before={step === 'new' && differed ? DIFFER : null}
      onPin={onPin}
      onClose={onClose}
    />
  );
}
