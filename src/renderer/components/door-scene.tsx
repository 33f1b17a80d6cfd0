import styles from './door-scene.module.css';

/** The picture on Welcome: a doorway, a calm face in an oval, and the doors it will open. Our own drawing. */
export function DoorScene() {
  return (
    <svg className={styles.scene} viewBox="0 0 360 220" aria-hidden="true" focusable="false">
      <ellipse className={styles.floor} cx="180" cy="204" rx="164" ry="12" />
      <g className={styles.side}>
        <path d="M30 204v-92a30 30 0 0 1 60 0v92z" />
        <path d="M270 204v-92a30 30 0 0 1 60 0v92z" />
      </g>
      <g className={styles.knobs}>
        <circle cx="80" cy="154" r="3.5" />
        <circle cx="280" cy="154" r="3.5" />
      </g>
      <path className={styles.door} d="M104 204V92a76 76 0 0 1 152 0v112z" />
      <path className={styles.light} d="M118 204V92a62 62 0 0 1 124 0v112z" />
      <path className={styles.shoulders} d="M130 204c3-30 24-46 50-46s47 16 50 46z" />
      <path className={styles.neck} d="M166 138h28v24c0 9-28 9-28 0z" />
      <ellipse className={styles.face} cx="180" cy="106" rx="33" ry="41" />
      <path
        className={styles.hair}
        d="M146 104c-4-32 12-48 35-48s38 17 33 48c-4-18-12-26-22-29-14 8-30 8-39 7-4 6-6 13-7 22z"
      />
      <g className={styles.features}>
        <path d="M167 107v.1M193 107v.1" />
        <path d="M169 126c6 6 16 6 22 0" />
      </g>
      <ellipse className={styles.oval} cx="180" cy="104" rx="52" ry="66" pathLength="100" />
    </svg>
  );
}
