import styles from './guide-overlay.module.css';

/** Where the face belongs, and how far the automatic capture has come (0–1). */
export function GuideOverlay({ good, progress }: { good: boolean; progress: number }) {
  const length = 100;
  return (
    <svg
      className={styles.overlay}
      viewBox="0 0 100 100"
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
      focusable="false"
    >
      <path className={styles.scrim} fillRule="evenodd" d={`M-400 -400H500V500H-400Z ${OVAL}`} />
      <path className={styles.oval} data-good={good || undefined} d={OVAL} />
      <path
        className={styles.ring}
        d={OVAL}
        pathLength={length}
        strokeDasharray={length}
        strokeDashoffset={length * (1 - progress)}
        opacity={progress > 0 ? 1 : 0}
      />
    </svg>
  );
}

/** Begins at the crown, so that the ring fills from there, clockwise. */
const OVAL = 'M50 16C67 16 75 30 75 49C75 70 63 85 50 85C37 85 25 70 25 49C25 30 33 16 50 16Z';
