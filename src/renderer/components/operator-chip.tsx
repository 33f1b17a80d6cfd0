import { Menu } from '@base-ui/react/menu';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { useOperators } from '../stores/operators.ts';
import { Icon } from './icons.tsx';
import styles from './operator-chip.module.css';

/** Who is signed in, and the way out: to lock the desk for a moment, or to leave it. */
export function OperatorChip() {
  const { t } = useTranslation('operators');
  const { me, signOut } = useOperators(
    useShallow((state) => ({ me: state.status?.me ?? null, signOut: state.signOut })),
  );
  if (!me) return null;
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        className={styles.chip}
        aria-label={t('chip', { label: me.label, role: t(`role.${me.role}`) })}
        data-testid="operator"
      >
        <Icon name="person" />
        <span className={styles.label}>{me.label}</span>
        <Icon name="chevron-down" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} sideOffset={8} align="end">
          <Menu.Popup className={styles.popup}>
            <p className={styles.role}>{t(`role.${me.role}`)}</p>
            <Menu.Item className={styles.item} data-testid="lock" onClick={() => void signOut(true)}>
              <Icon name="lock" />
              {t('lock')}
            </Menu.Item>
            <Menu.Item className={styles.item} data-testid="sign-out" onClick={() => void signOut(false)}>
              <Icon name="sign-out" />
              {t('signOut')}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
