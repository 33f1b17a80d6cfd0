import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button } from './button.tsx';
import styles from './screen.module.css';

/** A screen's heading. It takes the focus when the screen appears, so that a screen reader begins there. */
export function ScreenHeading({ children, focus = true }: { children: ReactNode; focus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus({ preventScroll: true });
  }, [focus]);
  return (
    <h1 ref={heading} tabIndex={-1} className={styles.heading}>
      {children}
    </h1>
  );
}

/** The top of a screen that leads back: the way there, and the heading. */
export function ScreenHead({ title, focus, onBack }: { title: string; focus?: boolean; onBack(): void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.head}>
      <Button variant="quiet" icon="arrow-left" data-testid="back" onClick={onBack}>
        {t('back')}
      </Button>
      <ScreenHeading {...(focus !== undefined && { focus })}>{title}</ScreenHeading>
    </div>
  );
}

export type Tone = 'info' | 'good' | 'wait' | 'bad';

/** A boxed message. `live` announces it when it appears. */
export function Notice({
  tone = 'info',
  title,
  children,
  live = false,
  actions,
}: {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  live?: boolean;
  actions?: ReactNode;
}) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={live ? 'status' : undefined}>
      {title && <p className={styles.noticeTitle}>{title}</p>}
      {children && <div className={styles.noticeBody}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
