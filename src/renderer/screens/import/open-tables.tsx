import { useShallow } from 'zustand/react/shallow';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useImport } from '../../stores/import.ts';
import styles from './import.module.css';

/** Another of the tables that are open in the station; nothing where there is but one. */
export function OpenTables() {
  const { t } = useTranslation('import');
  const { open, id, busy, show } = useImport(
    useShallow(({ open, view, busy, show }) => ({ open, id: view?.id ?? null, busy, show })),
  );
  if (id === null || open.length < 2) return null;
  return (
    <div className={styles.tables}>
      <Select
        label={t('tables')}
        hideLabel
        testId="open-tables"
        value={id}
        choices={open.map(({ id: value, name }) => ({ value, label: name }))}
        onChange={(next) => busy === null && void show(next)}
      />
    </div>
  );
}
