import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '#shared/fault';
import styles from './dialog.module.css';
import { Icon } from './icons.tsx';
import { PinPad } from './pin-pad.tsx';

/** The supervisor's PIN in a dialog: what it is for, and the pad. It closes when the PIN was taken. */
export function PinDialog({
  open,
  title,
  body,
  label,
  submit,
  step,
  before = null,
  children,
  onPin,
  onClose,
}: {
  open: boolean;
  title: string;
  body: string;
  label: string;
  submit: string;
  /** Asked for something else under another step: then the pad begins anew. */
  step?: string;
  /** Why this step is asked for again. */
  before?: Fault | null;
  /** What else is asked, above the pad. */
  children?: ReactNode;
  onPin(pin: string): Promise<Fault | null>;
  onClose(): void;
}) {
  const { t } = useTranslation();
  // Told to the dialog: else it may prefer its first button, where it takes another dialog's place.
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup} initialFocus={input} data-testid="pin-dialog">
          <div className={styles.head}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close className={styles.close} aria-label={t('close')}>
              <Icon name="cross" />
            </Dialog.Close>
          </div>
          <Dialog.Description className={styles.text}>{body}</Dialog.Description>
          {children}
          <PinPad key={step} label={label} submit={submit} before={before} inputRef={input} onPin={onPin} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
