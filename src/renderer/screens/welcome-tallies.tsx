import { Icon, type IconName } from '../components/icons.tsx';
import type { Tone } from '../components/screen.tsx';
import styles from './welcome.module.css';

interface Tally {
  /** For tests. */
  id: string;
  icon: IconName;
  /** How it looks where there is something to count. */
  tone: Tone;
  count: number;
  label: string;
  /** Whether its list is what is shown beneath; absent where the list is elsewhere. */
  pressed?: boolean;
  /** Shows the list it counts. */
  onOpen(): void;
}

/** Numbers at a glance, side by side, each the way to the list it counts. */
export function Tallies({ tallies }: { tallies: readonly Tally[] }) {
  return (
    <ul className={styles.counts} data-many={tallies.length > 3 || undefined}>
      {tallies.map(({ id, icon, tone, count, label, pressed, onOpen }) => (
        <li key={id}>
          <button
            type="button"
            className={styles.tally}
            data-tone={count > 0 ? tone : undefined}
            data-testid={id}
            aria-pressed={pressed}
            onClick={onOpen}
          >
            <Icon name={icon} />
            <span className={styles.number}>{count}</span>
            <span className={styles.faint}>{label}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
