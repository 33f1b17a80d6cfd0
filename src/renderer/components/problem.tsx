import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';
import styles from './problem.module.css';
import { ScreenHeading } from './screen.tsx';

/** A page of its own for something that stands in the way: what it is, what to do, and a way on. */
export function Problem({
  name,
  icon,
  title,
  help,
  detail,
  children,
}: {
  name: string;
  icon: IconName;
  title: string;
  help: string;
  detail?: string | null;
  children: ReactNode;
}) {
  return (
    <section className={styles.problem} data-testid="problem" data-problem={name}>
      <span className={styles.badge}>
        <Icon name={icon} size="xl" />
      </span>
      <ScreenHeading>{title}</ScreenHeading>
      <p className={styles.help}>{help}</p>
      {detail && <p className={styles.detail}>{detail}</p>}
      <div className={styles.actions}>{children}</div>
    </section>
  );
}
