import { type ReactNode, useRef } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { Modal } from './modal.tsx';

/** Asks before something that cannot be undone. The harmless button has the focus, so that Enter alone destroys nothing. */
export function ConfirmDialog({
  open,
  title,
  children,
  confirm,
  keep,
  busy = false,
  onConfirm,
  onClose,
}: {
  open: boolean;
  title: string;
  children: ReactNode;
  /** What the destructive button says: what it does. */
  confirm: string;
  /** What the harmless button says; "Cancel" where nothing else is called so. */
  keep?: string;
  busy?: boolean;
  onConfirm(): void;
  onClose(): void;
}) {
  const { t } = useTranslation();
  const cancel = useRef<HTMLButtonElement>(null);
  if (!open) return null;
  return (
    <Modal
      alert
      title={title}
      description={children}
      initialFocus={cancel}
      data-testid="confirm"
      onClose={() => !busy && onClose()}
    >
      <div className={styles.buttons}>
        <Button ref={cancel} data-testid="confirm-cancel" onClick={onClose}>
          {keep ?? t('cancel')}
        </Button>
        <Button variant="danger" busy={busy} data-testid="confirm-do" onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Modal>
  );
}
