import { useTranslation } from '../i18n/index.ts';
import type { FlowScreen } from '../stores/session.ts';
import { Icon } from './icons.tsx';
import styles from './steps.module.css';

const STEPS = ['picture', 'check', 'person', 'receipts'] as const;
const AT: Record<FlowScreen, (typeof STEPS)[number]> = {
  capture: 'picture',
  review: 'check',
  details: 'person',
  receipts: 'receipts',
};

/** Where in the four steps the session is. */
export function Steps({ screen }: { screen: FlowScreen }) {
  const { t } = useTranslation();
  const at = STEPS.indexOf(AT[screen]);
  return (
    <nav aria-label={t('stepsLabel')}>
      <ol className={styles.steps}>
        {STEPS.map((step, index) => (
          <li
            key={step}
            className={styles.step}
            data-past={index < at || undefined}
            aria-current={index === at ? 'step' : undefined}
          >
            <span className={styles.dot}>{index < at ? <Icon name="check" /> : index + 1}</span>
            <span className={styles.label}>{t(`step.${step}`)}</span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
