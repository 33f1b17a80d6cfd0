import { type ReactNode, useRef } from 'react';
import type { Fault } from '#shared/fault';
import { Modal } from './modal.tsx';
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
  // Told to the dialog: else its first button would have the focus.
  const input = useRef<HTMLInputElement>(null);
  if (!open) return null;
  return (
    <Modal title={title} description={body} initialFocus={input} data-testid="pin-dialog" onClose={onClose}>
      {children}
      <PinPad key={step} label={label} submit={submit} before={before} inputRef={input} onPin={onPin} />
    </Modal>
  );
}
