import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Icon } from '../../components/icons.tsx';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { takesKind } from '../../lib/person-draft.ts';
import { useImport } from '../../stores/import.ts';
import { useStation } from '../../stores/station.ts';
import styles from './import.module.css';

/** Where the rows go and what is done in cases of doubt. */
export function ImportRules() {
  const { t } = useTranslation('import');
  const { options, set } = useImport(useShallow(({ options, set }) => ({ options, set })));
  return (
    <section className={styles.card}>
      <h2>{t('to.title')}</h2>
      <Targets />
      <div className={styles.pair}>
        <Select
          label={t('read.kind')}
          value={options.kind}
          choices={[
            { value: 'staff', label: t('details:staff') },
            { value: 'visitor', label: t('details:visitor') },
          ]}
          onChange={(kind) => set({ kind })}
        />
        <Select
          label={t('read.dates')}
          value={options.dates ?? 'null'}
          choices={[
            { value: 'null', label: t('read.datesNull') },
            { value: 'dmy', label: t('read.datesDmy') },
            { value: 'mdy', label: t('read.datesMdy') },
          ]}
          onChange={(dates) => set({ dates: dates === 'null' ? null : dates })}
        />
      </div>
      <details className={styles.details}>
        <summary>
          <Icon name="chevron-right" /> {t('to.more')}
        </summary>
        <div className={styles.stack}>
          <Select
            label={t('to.duplicate')}
            value={options.onDuplicate}
            choices={[
              { value: 'warn', label: t('to.duplicateWarn') },
              { value: 'stop', label: t('to.duplicateStop') },
            ]}
            onChange={(onDuplicate) => set({ onDuplicate })}
          />
          <Select
            label={t('to.existing')}
            value={options.onExisting}
            choices={[
              { value: 'update', label: t('to.existingUpdate') },
              { value: 'stop', label: t('to.existingStop') },
            ]}
            onChange={(onExisting) => set({ onExisting })}
          />
          <Select
            label={t('to.similar')}
            value={options.onSimilar}
            choices={[
              { value: 'ask', label: t('to.similarAsk') },
              { value: 'stop', label: t('to.similarStop') },
            ]}
            onChange={(onSimilar) => set({ onSimilar })}
          />
        </div>
      </details>
    </section>
  );
}

function Targets() {
  const { t } = useTranslation('import');
  const { options, set } = useImport(useShallow(({ options, set }) => ({ options, set })));
  const { platforms, preset } = useStation(
    useShallow((state) => ({ platforms: state.platforms, preset: state.settings.targets })),
  );
  const chosen = options.to;
  useEffect(() => {
    // Until somebody chose otherwise: where people are enrolled at this desk.
    if (useImport.getState().options.to.length > 0 || platforms.length === 0) return;
    const able = platforms.filter((platform) => takesKind(platform, options.kind)).map(({ id }) => id);
    const usual = able.filter((id) => preset?.includes(id));
    set({ to: usual.length > 0 ? usual : able });
  }, [platforms, preset, options.kind, set]);
  return (
    <fieldset className={styles.targets}>
      <legend className={styles.label}>{t('to.targets')}</legend>
      {platforms.map(({ id, title }) => (
        <label key={id} className={styles.tick}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            data-testid={`to-${id}`}
            onChange={(event) =>
              set({ to: event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id) })
            }
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}
