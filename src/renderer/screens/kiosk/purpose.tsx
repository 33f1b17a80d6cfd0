import type { KioskPurpose } from '#shared/calls/kiosk';
import { Icon, type IconName } from '../../components/icons.tsx';
import { ScreenHeading } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useKioskPurposes } from '../../lib/kiosk-offer.ts';
import { useKiosk } from '../../stores/kiosk.ts';
import styles from './kiosk.module.css';

const ICONS: Record<KioskPurpose, IconName> = { visit: 'door', staff: 'person', reenrol: 'refresh' };

export function Purpose() {
  const { t } = useTranslation('kiosk');
  const tell = useKiosk((state) => state.tell);
  const purposes = useKioskPurposes();
  return (
    <section className={styles.middle}>
      <ScreenHeading>{t('purpose.title')}</ScreenHeading>
      <ul className={styles.purposes}>
        {purposes.map((purpose) => (
          <li key={purpose}>
            <button
              type="button"
              className={styles.purpose}
              data-testid={`kiosk-purpose-${purpose}`}
              onClick={() => tell({ type: 'choose', purpose })}
            >
              <span className={styles.purposeSign}>
                <Icon name={ICONS[purpose]} size="l" />
              </span>
              <span className={styles.purposeText}>
                <strong>{t(`purpose.${purpose}.title`)}</strong>
                <span>{t(`purpose.${purpose}.help`)}</span>
              </span>
              <Icon name="chevron-right" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
