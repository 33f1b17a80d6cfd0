import { type FormEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { Fault } from '#shared/fault';
import { useTranslation } from '../i18n/index.ts';
import { useFaultWords } from '../lib/fault-words.ts';
import { formatDuration } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';
import { usePin } from '../stores/pin.ts';
import { Button } from './button.tsx';
import { Icon } from './icons.tsx';
import styles from './pin-pad.module.css';

/** The contract's limits of a PIN. */
const SHORTEST = 4;
const LONGEST = 12;

/**
 * Asks for a PIN, by touch and by keyboard. `onPin` resolves with why it was not taken; what was typed is forgotten either way. While
 * the station looks at no PIN, nothing can be sent and the time left is said.
 */
export function PinPad({
  label,
  submit,
  before = null,
  inputRef,
  onPin,
}: {
  label: string;
  submit: string;
  /** Why the PIN is asked for again. */
  before?: Fault | null;
  /** The field, for a dialog that decides where the focus goes. */
  inputRef?: RefObject<HTMLInputElement | null>;
  onPin(pin: string): Promise<Fault | null>;
}) {
  const { t, i18n } = useTranslation('pin');
  const id = useId();
  const own = useRef<HTMLInputElement>(null);
  const input = inputRef ?? own;
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(before);
  const [tooShort, setTooShort] = useState(false);
  const lockedUntil = usePin((state) => state.lockedUntil);
  const now = useNow(lockedUntil !== null);
  const locked = lockedUntil !== null && lockedUntil > now;
  const words = useFaultWords();

  useEffect(() => {
    input.current?.focus();
  }, [input]);

  const type = (next: string) => {
    setPin(next.replace(/\D/g, '').slice(0, LONGEST));
    setTooShort(false);
  };

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || locked) return;
    if (pin.length < SHORTEST) return setTooShort(true);
    setBusy(true);
    setFault(null);
    const refused = await onPin(pin);
    setBusy(false);
    setPin('');
    setFault(refused);
    input.current?.focus();
  }

  const trouble = locked
    ? t('locked', { time: formatDuration(lockedUntil - now, i18n.locale) })
    : tooShort
      ? t('tooShort', { count: SHORTEST })
      : fault === null || fault.code === 'pin-locked'
        ? null
        : words(fault).title;
  return (
    <form className={styles.pad} onSubmit={(event) => void send(event)}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        ref={input}
        id={id}
        className={styles.input}
        type="password"
        // The pad below is the touch keyboard; a real one types as well.
        inputMode="none"
        autoComplete="one-time-code"
        value={pin}
        maxLength={LONGEST}
        aria-invalid={trouble !== null || undefined}
        aria-describedby={`${id}-trouble`}
        data-testid="pin"
        onChange={(event) => type(event.currentTarget.value)}
      />
      <p id={`${id}-trouble`} className={styles.trouble} role="status" data-testid="pin-trouble">
        {trouble}
      </p>
      <div className={styles.keys}>
        {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
          <button key={digit} type="button" className={styles.key} onClick={() => type(pin + digit)}>
            {digit}
          </button>
        ))}
        <button type="button" className={styles.key} aria-label={t('clear')} onClick={() => type('')}>
          <Icon name="cross" />
        </button>
        <button type="button" className={styles.key} onClick={() => type(`${pin}0`)}>
          0
        </button>
        <button type="button" className={styles.key} aria-label={t('back')} onClick={() => type(pin.slice(0, -1))}>
          <Icon name="backspace" />
        </button>
      </div>
      <Button type="submit" variant="primary" size="l" busy={busy} disabled={locked} data-testid="pin-submit">
        {submit}
      </Button>
    </form>
  );
}
