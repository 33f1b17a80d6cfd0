import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ImportView } from '#shared/calls/import';
import { SearchField } from '../../components/search-field.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { reasonLabel } from '../../lib/import-words.ts';
import { usePause } from '../../lib/use-pause.ts';
import { useImportRows } from '../../stores/import-rows.ts';
import { reasonCounts } from '../../stores/import-state.ts';
import styles from './rows.module.css';

/** Quick enough to feel live; each question opens every row. */
const PAUSE_MS = 300;
const VERDICTS = ['accepted', 'refused', 'skipped'] as const;

/** Which rows are shown: by verdict, by reason, by name or code. */
export function ImportFilters({ view }: { view: ImportView }) {
  const { t, i18n } = useTranslation('import');
  const { filter, total, choose } = useImportRows(
    useShallow(({ filter, total, choose }) => ({ filter, total, choose })),
  );
  const { summary } = view;
  const number = new Intl.NumberFormat(i18n.locale);
  const reasons = reasonCounts(summary);
  const all = filter.verdict === null && filter.reason === null;
  return (
    <div className={styles.filters}>
      <Search />
      <p className={styles.found} role="status" data-testid="rows-found">
        {total !== null && t('filter.found', { count: total })}
      </p>
      <fieldset className={styles.chips}>
        <legend className="hidden-text">{t('filter.label')}</legend>
        <Chip pressed={all} testId="filter-all" onPress={() => choose({ verdict: null, reason: null })}>
          {t('count.rows')} <strong>{number.format(summary.rows)}</strong>
        </Chip>
        {VERDICTS.filter((verdict) => summary[verdict] > 0 || verdict !== 'skipped').map((verdict) => (
          <Chip
            key={verdict}
            tone={verdict}
            pressed={filter.verdict === verdict}
            testId={`filter-${verdict}`}
            onPress={() => choose({ verdict: filter.verdict === verdict ? null : verdict, reason: null })}
          >
            {t(`count.${verdict}`)} <strong>{number.format(summary[verdict])}</strong>
          </Chip>
        ))}
      </fieldset>
      {reasons.length > 0 && (
        <fieldset className={styles.reasons}>
          <legend>{t('filter.reasons')}</legend>
          {reasons.map(({ key, count, tone }) => (
            <Chip
              key={key}
              tone={tone}
              pressed={filter.reason === key}
              testId={`reason-${key}`}
              onPress={() => choose({ reason: filter.reason === key ? null : key, verdict: null })}
            >
              <span>{reasonLabel(i18n, key)}</span> <strong>{number.format(count)}</strong>
            </Chip>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function Chip({
  pressed,
  tone,
  testId,
  onPress,
  children,
}: {
  pressed: boolean;
  tone?: string;
  testId: string;
  onPress(): void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      className={styles.chip}
      data-tone={tone}
      data-testid={testId}
      aria-pressed={pressed}
      onClick={onPress}
    >
      {children}
    </button>
  );
}

function Search() {
  const { t } = useTranslation('import');
  const { filter, choose } = useImportRows(useShallow(({ filter, choose }) => ({ filter, choose })));
  const [query, setQuery] = useState(filter.query);
  usePause(query, PAUSE_MS, (next) => {
    if (next !== useImportRows.getState().filter.query) choose({ query: next });
  });
  return (
    <SearchField
      label={t('filter.search')}
      hint={t('filter.searchHint')}
      value={query}
      testId="rows-search"
      onChange={setQuery}
    />
  );
}
