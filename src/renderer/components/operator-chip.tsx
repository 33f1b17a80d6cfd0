import { useShallow } from 'zustand/react/shallow';
import { useTranslation } from '../i18n/index.ts';
import { useOperators } from '../stores/operators.ts';
import { Icon } from './icons.tsx';
import styles from './operator-chip.module.css';

/** Who is signed in, and one touch to lock the desk. */
export function OperatorChip() {
  const { t } = useTranslation('operators');
  const { me, signOut } = useOperators(
    useShallow((state) => ({ me: state.status?.me ?? null, signOut: state.signOut })),
  );
  if (!me) return null;
  return (
    <button
      type="button"
      className={styles.chip}
      aria-label={t('chip', { label: me.label, role: t(`role.${me.role}`) })}
      title={t('chip', { label: me.label, role: t(`role.${me.role}`) })}
      data-testid="lock"
      onClick={() => void signOut(true)}
    >
      <span className={styles.label}>{me.label}</span>
      <Icon name="lock" />
    </button>
  );
}
