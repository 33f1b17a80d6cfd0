import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#shared/person';
import { Suggest } from '../components/suggest.tsx';
import { findKnown } from '../lib/visit-suggestions.ts';
import { useOperators } from '../stores/operators.ts';
import styles from './details.module.css';

/** Finds a visitor who was here before, so that they are one person and nothing is typed twice. */
export function KnownVisitorField({ onChoose }: { onChoose(person: Person): void }) {
  const { t } = useTranslation('visits');
  const id = useId();
  const [query, setQuery] = useState('');
  // A visitor who stands there alone is told of nobody else.
  const alone = useOperators((state) => state.status?.kiosk === true);
  if (alone) return null;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {t('known.label')}
      </label>
      <Suggest
        id={id}
        className={styles.input}
        value={query}
        placeholder={t('known.hint')}
        autoComplete="off"
        data-testid="known-visitor"
        onChange={setQuery}
        find={findKnown}
        onChoose={({ person }) => {
          setQuery('');
          onChoose(person);
        }}
      />
    </div>
  );
}
