import { type ComponentProps, type ReactNode, type RefObject, useId, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from '../i18n/index.ts';
import styles from './dialog.module.css';
import { Icon } from './icons.tsx';

/** What somebody types into or chooses from; not what opens a file at the first key. */
const FIELDS = 'input:not([type="file"], [type="radio"], [type="checkbox"]), select, textarea';

/**
 * A modal dialog: the browser's own, which keeps the focus inside, makes the rest inert, and gives the focus back (docs/decisions/010). Mounted
 * is open. Escape, the cross and, but for `alert` and `stays`, a touch beside it ask to be closed; whether it is, `onClose` decides.
 */
export function Modal({
  title,
  description,
  initialFocus,
  alert = false,
  stays = false,
  closeLabel,
  closeTestId,
  onClose,
  className = '',
  children,
  ...rest
}: {
  title: ReactNode;
  description?: ReactNode;
  /** What has the focus first; else the first field there, or the first thing that can. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** Answered by its own buttons: it has no cross. */
  alert?: boolean;
  /** What was typed here must not go by a touch beside it. */
  stays?: boolean;
  closeLabel?: string;
  closeTestId?: string;
  onClose(): void;
} & Omit<ComponentProps<'dialog'>, 'title' | 'onClose' | 'onCancel' | 'style' | 'open' | 'role'>) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Said though the element has it, for it is looked for by name.
  const role = alert ? 'alertdialog' : 'dialog';
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    // What a form asks for first comes before its cross.
    const first = initialFocus?.current ?? element.querySelector<HTMLElement>(FIELDS);
    first?.focus();
    // Before it leaves the page: one that is taken out open does not give the focus back.
    return () => element.close();
  }, [initialFocus]);
  return createPortal(
    <dialog
      {...rest}
      ref={dialog}
      role={role}
      aria-modal="true"
      closedby={alert || stays ? 'closerequest' : 'any'}
      className={`${styles.popup} ${className}`}
      aria-labelledby={`${id}-title`}
      aria-describedby={description === undefined ? undefined : `${id}-text`}
      onCancel={(event) => {
        // A file's choice that was given up is told here as well.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onClose={({ currentTarget: element }) => {
        // The browser lets nobody be kept by a page: of two Escapes the second closes. While it may not be closed it comes back.
        if (element.open) return;
        onClose();
        setTimeout(() => {
          if (element.isConnected && !element.open) element.showModal();
        });
      }}
    >
      <div className={styles.head}>
        <h2 id={`${id}-title`} className={styles.title}>
          {title}
        </h2>
        {!alert && (
          <button
            type="button"
            className={styles.close}
            aria-label={closeLabel ?? t('close')}
            data-testid={closeTestId}
            onClick={onClose}
          >
            <Icon name="cross" />
          </button>
        )}
      </div>
      {description !== undefined && (
        <div id={`${id}-text`} className={styles.text}>
          {description}
        </div>
      )}
      {children}
    </dialog>,
    document.body,
  );
}
