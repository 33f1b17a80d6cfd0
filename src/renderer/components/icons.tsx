import type { ReactNode } from 'react';
import styles from './icons.module.css';

/** Line icons, 24 × 24, in the colour of the text around them. Decoration: the words beside them carry the meaning. */
const PATHS = {
  'arrow-left': <path d="M19 12H5m6-6-6 6 6 6" />,
  'arrow-right': <path d="M5 12h14m-6-6 6 6-6 6" />,
  'arrow-up': <path d="M12 19V5m-6 6 6-6 6 6" />,
  'arrow-down': <path d="M12 5v14m-6-6 6 6 6-6" />,
  'turn-left': <path d="M20 18v-3a5 5 0 0 0-5-5H5m5-5-5 5 5 5" />,
  'turn-right': <path d="M4 18v-3a5 5 0 0 1 5-5h10m-5-5 5 5-5 5" />,
  'tilt-left': <path d="M4 9a9 9 0 1 1-.6 6M4 4v5h5" />,
  'tilt-right': <path d="M20 9a9 9 0 1 0 .6 6M20 4v5h-5" />,
  closer: <path d="M9 4H4v5m0-5 6 6m5-6h5v5m0-5-6 6M9 20H4v-5m0 5 6-6m5 6h5v-5m0 5-6-6" />,
  farther: <path d="M4 9h5V4m0 5L4 4m11 0v5h5m-5 0 5-5M4 15h5v5m0-5-5 5m11 0v-5h5m-5 0 5 5" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  'check-double': <path d="m2.5 13 4 4L14 9m-1.5 6.5 1.5 1.5L21.5 9" />,
  search: (
    <>
      <circle cx="10.5" cy="10.5" r="6" />
      <path d="m15 15 5 5" />
    </>
  ),
  download: <path d="M12 4v11m-5-5 5 5 5-5M4.5 20h15" />,
  printer: <path d="M7.5 9V3.5h9V9M7.5 17H4.5V9.5h15V17h-3m-9-3h9v6.5h-9Z" />,
  trash: <path d="M4.5 6.5h15M9.5 6.5v-2h5v2m-8 0 .8 13h9.4l.8-13M10 10.5v5.5m4-5.5v5.5" />,
  lock: <path d="M6.5 11V8.5a5.5 5.5 0 0 1 11 0V11M5 11h14v9.5H5Zm7 4v2.5" />,
  'sign-out': <path d="M10 4.5H5.5v15H10M14 8l4 4-4 4m4-4H9.5" />,
  shield: <path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.3 7 9 4.1-1.7 7-4.7 7-9V6Zm-3 8.3 2.2 2.2 4-4.2" />,
  outbox: (
    <path d="M4 14v4.5a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1V14h-4.5a3.5 3.5 0 0 1-7 0ZM12 10.5V3.5M8.5 7 12 3.5 15.5 7" />
  ),
  keyboard: <path d="M3 6h18v12H3Zm3.5 3.5h.1m3.5 0h.1m3.5 0h.1m3.5 0h.1m-10.7 3h.1m3.5 0h.1m3.5 0h.1m-6.2 2.8h6" />,
  'keyboard-down': <path d="M3 3.5h18v11H3Zm3.5 3h.1m3.5 0h.1m3.5 0h.1m3.5 0h.1m-9.2 4.5h7M9 18l3 3 3-3" />,
  shift: <path d="m12 4.5 7.5 8H15v6.5H9v-6.5H4.5Z" />,
  backspace: <path d="M9 5.5h10a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H9L3.5 12ZM11.5 9.5l5 5m0-5-5 5" />,
  cross: <path d="m6 6 12 12M18 6 6 18" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5V12l3 2" />
    </>
  ),
  question: <path d="M9 9a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.3-1.6 2.5m0 3.4v.1" />,
  alert: <path d="M12 7v6m0 3.9v.1" />,
  camera: (
    <>
      <path d="M4 8h3l1.6-2.5h6.8L17 8h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1Z" />
      <circle cx="12" cy="13" r="3.5" />
    </>
  ),
  'camera-off': (
    <>
      <path d="M4 8h3l1.6-2.5h6.8L17 8h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1Z" />
      <path d="m3 3 18 18" />
    </>
  ),
  picture: (
    <>
      <rect x="3.5" y="4.5" width="17" height="15" rx="2" />
      <circle cx="8.8" cy="9.8" r="1.6" />
      <path d="m4 17 5-4.5 3.5 3 3-2.5 4.5 4" />
    </>
  ),
  settings: (
    <>
      <path d="M4 7h9m5 0h2M4 17h2m5 0h9" />
      <circle cx="15.5" cy="7" r="2.5" />
      <circle cx="8.5" cy="17" r="2.5" />
    </>
  ),
  refresh: <path d="M20 11a8 8 0 0 0-14.2-4L4 9m0-4.5V9h4.5M4 13a8 8 0 0 0 14.2 4L20 15m0 4.5V15h-4.5" />,
  'chevron-down': <path d="m7 10 5 5 5-5" />,
  'chevron-right': <path d="m10 7 5 5-5 5" />,
  flask: <path d="M9 4h6m-5 0v6L5.2 18.3A1.1 1.1 0 0 0 6.1 20h11.8a1.1 1.1 0 0 0 .9-1.7L14 10V4M7.6 15h8.8" />,
  person: (
    <>
      <circle cx="12" cy="8.5" r="3.8" />
      <path d="M4.8 20a7.2 7.2 0 0 1 14.4 0" />
    </>
  ),
  people: (
    <>
      <circle cx="9" cy="9" r="3.2" />
      <path d="M3 19a6 6 0 0 1 12 0M15.5 6.2a3.2 3.2 0 0 1 0 5.8m2 2.2A6 6 0 0 1 21 19" />
    </>
  ),
  door: <path d="M6 20.5V10a6 6 0 0 1 12 0v10.5M3.5 20.5h17M14 14v.1" />,
  sun: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1m10.6 10.6 1.1 1.1m0-12.8-1.1 1.1M6.7 17.3l-1.1 1.1" />
    </>
  ),
  eye: (
    <>
      <path d="M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12Z" />
      <circle cx="12" cy="12" r="2.8" />
    </>
  ),
  face: (
    <>
      <ellipse cx="12" cy="12" rx="7" ry="8.8" />
      <path d="M9.2 10.5v.1m5.6-.1v.1M9.5 15.2a4 4 0 0 0 5 0" />
    </>
  ),
  sound: <path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4Zm11.5-.5a4.5 4.5 0 0 1 0 6m2.7-8.7a8.5 8.5 0 0 1 0 11.4" />,
  'sound-off': <path d="M4 9.5h3.5L12 5.5v13l-4.5-4H4Zm11.5 0 5 5m0-5-5 5" />,
  table: <path d="M4 5h16v14H4Zm0 4.7h16M4 14.3h16M10 9.7V19" />,
  play: <path d="M8 5.5 18.5 12 8 18.5Z" />,
  pause: <path d="M9 6v12m6-12v12" />,
  send: <path d="M12 19V6m-5.5 5L12 5.5 17.5 11" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

/** Where somebody reads from right to left these point the other way: back, on, and out of here. */
const ALONG_THE_LINE: ReadonlySet<IconName> = new Set(['arrow-left', 'arrow-right', 'chevron-right', 'sign-out']);

/** One icon; `1em` high unless `size` says `l` or `xl`. `fixed`: it points to a side of the room, whichever way somebody reads. */
export function Icon({
  name,
  size = 'm',
  fixed = false,
}: {
  name: IconName;
  size?: 'm' | 'l' | 'xl';
  fixed?: boolean;
}) {
  return (
    <svg
      className={`${styles.icon} ${styles[size]}`}
      data-along={(!fixed && ALONG_THE_LINE.has(name)) || undefined}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}

/** The product's sign: a doorway with somebody in it. */
export function Mark() {
  return (
    <svg className={styles.mark} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className={styles.markGround} width="32" height="32" rx="9" />
      <path
        className={styles.markLine}
        d="M8 25.5V15a8 8 0 0 1 16 0v10.5"
        fill="none"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <circle className={styles.markFill} cx="16" cy="15.2" r="3.1" />
      <path className={styles.markFill} d="M10.9 25.5a5.1 5.1 0 0 1 10.2 0z" />
    </svg>
  );
}
