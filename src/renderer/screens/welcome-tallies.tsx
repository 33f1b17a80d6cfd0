import { Icon, type IconName } from '../components/icons.tsx';
import type { Tone } from '../components/screen.tsx';
import styles from './welcome.module.css';

export interface Tally {
  /** For tests. */
  id: string;
  icon: IconName;
  /** How it looks where there is something to count. */
  tone: Tone;
  count: number;
  label: string;
}

/** Numbers at a glance, side by side. */
export function Tallies({ tallies }: { tallies: readonly Tally[] }) {
  return (
    <ul className={styles.counts}>
      {tallies.map(({ id, icon, tone, count, label }) => (
        <li key={id} className={styles.tally} data-tone={count > 0 ? tone : undefined} data-testid={id}>
          <Icon name={icon} />
          <span className={styles.number}>{count}</span>
          <span className={styles.faint}>{label}</span>
        </li>
      ))}
    </ul>
  );
}
