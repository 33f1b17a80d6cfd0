import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { Icon, type IconName } from './icons.tsx';

type Look = { variant?: 'primary' | 'secondary' | 'quiet' | 'danger'; size?: 'm' | 'l'; icon?: IconName };

function classOf({ variant = 'secondary', size = 'm' }: Look): string {
  return `${styles.button} ${styles[variant]} ${styles[size]}`;
}

/** A button. While `busy` it keeps its place and its focus, and does nothing. */
export function Button({
  variant,
  size,
  icon,
  busy = false,
  children,
  onClick,
  ...rest
}: Look & { busy?: boolean; children: ReactNode } & Omit<ComponentProps<'button'>, 'className' | 'style'>) {
  return (
    <button
      type="button"
      {...rest}
      className={classOf({ ...(variant && { variant }), ...(size && { size }) })}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={
        busy
          ? (event) => {
              // Also keeps Enter in a form from submitting twice.
              event.preventDefault();
            }
          : onClick
      }
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

/** A button that opens the system's file dialog: a label around a file input, so that the browser does the rest. */
export function FileButton({
  variant,
  size,
  children,
  onFile,
}: Look & { children: ReactNode; onFile(file: File): void }) {
  return (
    <label
      className={`${classOf({ ...(variant && { variant }), ...(size && { size }) })} ${styles.file}`}
      data-testid="choose-file"
    >
      <input ref={(input) => listen(input, onFile)} className="hidden-text" type="file" accept="image/*" />
      <Icon name="picture" />
      <span>{children}</span>
    </label>
  );
}

/**
 * Hears of a file at the input itself. React hears only what is on the page: where this button has gone while the dialog was open (the
 * camera failed meanwhile, or came back), a file that was chosen would be lost.
 */
function listen(input: HTMLInputElement | null, onFile: (file: File) => void): void {
  if (input === null) return;
  input.onchange = () => {
    const [file] = input.files ?? [];
    // The same file may be chosen again after a refusal.
    input.value = '';
    if (file) onFile(file);
  };
}

export function Spinner() {
  return (
    <svg className={styles.spinner} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="2.4" opacity="0.25" />
      <path d="M12 3a9 9 0 0 1 9 9" fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
