import { useTranslation } from '../../i18n/index.ts';
import styles from './good-example.module.css';

/** A drawing of a good picture: one face from the front, upright, evenly lit, eyes open, with room around it. */
export function GoodExample() {
  const { t } = useTranslation('kiosk');
  return (
    <svg className={styles.example} viewBox="0 0 120 160" role="img" aria-label={t('retry.goodAlt')}>
      <rect className={styles.ground} width="120" height="160" />
      <path className={styles.shoulders} d="M8 160c2-25 20-36 52-36s50 11 52 36z" />
      <path className={styles.neck} d="M47 106h26v22c0 9-26 9-26 0z" />
      <path className={styles.hairBack} d="M27 74c-3-34 10-51 33-51s36 17 33 51c-1 12-3 19-6 25H33c-3-6-5-13-6-25z" />
      <path className={styles.ear} d="M30 76c-5-2-7 3-5 9s5 9 8 7zM90 76c5-2 7 3 5 9s-5 9-8 7z" />
      <path className={styles.face} d="M31 70c0-25 12-38 29-38s29 13 29 38c0 27-13 47-29 47S31 97 31 70z" />
      <path
        className={styles.hair}
        d="M29 74c-2-31 9-46 31-46s33 15 31 46c-3-15-8-23-18-28-14 6-24 6-34 4-5 6-8 13-10 24z"
      />
      <g className={styles.line}>
        <path d="M42 66q6-4 12 0M66 66q6-4 12 0" />
        <path d="M60 72l-3 16q3 2 6 0" />
        <path d="M51 100q9 4 18 0" />
      </g>
      <g className={styles.eyes}>
        <ellipse cx="48" cy="75" rx="5.5" ry="3.6" />
        <ellipse cx="72" cy="75" rx="5.5" ry="3.6" />
      </g>
      <g className={styles.pupils}>
        <circle cx="48" cy="75" r="2.6" />
        <circle cx="72" cy="75" r="2.6" />
      </g>
      <ellipse className={styles.oval} cx="60" cy="74" rx="43" ry="57" pathLength="100" />
    </svg>
  );
}
