import { useShallow } from 'zustand/react/shallow';
import { useTranslation } from '../i18n/index.ts';
import { isShut, useOperators } from '../stores/operators.ts';
import { type FlowScreen, type Screen, useSession } from '../stores/session.ts';
import { useStation } from '../stores/station.ts';
import styles from './header.module.css';
import { Icon, Mark } from './icons.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { useLeaveImport } from './leave-import.tsx';
import { OperatorChip } from './operator-chip.tsx';
import { Steps } from './steps.tsx';

export function Header() {
  const { t } = useTranslation();
  const { screen, reset, openSettings } = useSession(
    useShallow(({ screen, reset, openSettings }) => ({ screen, reset, openSettings })),
  );
  const leaveImport = useLeaveImport();
  const shut = useOperators((state) => isShut(state.status));
  const lab = useStation((state) => state.info?.lab ?? null);
  const name = (
    <>
      <Mark />
      <span className={styles.name}>{t('product')}</span>
    </>
  );
  return (
    <header className={styles.header}>
      <div className={styles.start}>
        {screen === 'welcome' || shut ? (
          <span className={styles.brand}>{name}</span>
        ) : (
          <button
            type="button"
            className={styles.brand}
            onClick={screen === 'import' ? leaveImport : reset}
            aria-label={`Vestibule: ${t('startOver')}`}
          >
            {name}
          </button>
        )}
        {lab && (
          <a className={styles.lab} href={lab} target="_blank" rel="noreferrer" title={t('labHint')}>
            <Icon name="flask" />
            <span>{t('lab')}</span>
          </a>
        )}
      </div>
      {!shut && isFlow(screen) && <Steps screen={screen} />}
      <div className={styles.end}>
        <LanguageSwitch />
        <OperatorChip />
        {!shut && (
          <button
            type="button"
            className={styles.round}
            aria-label={t('settings')}
            aria-current={screen === 'settings' ? 'page' : undefined}
            data-testid="settings"
            onClick={openSettings}
          >
            <Icon name="settings" />
          </button>
        )}
      </div>
    </header>
  );
}

const FLOW: readonly Screen[] = ['capture', 'review', 'details', 'receipts'];

function isFlow(screen: Screen): screen is FlowScreen {
  return FLOW.includes(screen);
}
