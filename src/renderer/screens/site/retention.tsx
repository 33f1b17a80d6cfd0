import { useId, useState } from 'react';
import type { RetentionSettings } from '#shared/calls/site';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Notice } from '../../components/screen.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { ENDLESS, FIELDS, type FieldName, isShorter, type Typed, typedRetention } from '../../lib/retention-draft.ts';
import { useSite } from '../../stores/site.ts';
import { useStation } from '../../stores/station.ts';
import settings from '../settings.module.css';
import styles from './site.module.css';

/** How long what is no longer needed is kept. Shorter times delete at once, so they are asked about. */
export function RetentionSettingsForm() {
  const { t } = useTranslation('quality');
  const view = useSite((state) => state.view);
  if (view === null) return <p className={settings.hint}>{t('administrators')}</p>;
  const { keeping, retention, started } = view;
  const fixed = FIELDS.filter((name) => started && retention?.[name] !== undefined);
  return <RetentionForm key={JSON.stringify(keeping)} keeping={keeping} fixed={fixed} />;
}

function RetentionForm({ keeping, fixed }: { keeping: RetentionSettings; fixed: readonly FieldName[] }) {
  const { t } = useTranslation('quality');
  const id = useId();
  const save = useStation((state) => state.saveSettings);
  const saved = useStation((state) => state.settingsSaved);
  const [typed, setTyped] = useState<Typed>(
    () => Object.fromEntries(FIELDS.map((name) => [name, keeping[name]?.toString() ?? ''])) as Typed,
  );
  const [asking, setAsking] = useState(false);
  const next = typedRetention(typed);
  const changed = next !== null && FIELDS.some((name) => next[name] !== keeping[name]);
  const shorter = next !== null && isShorter(next, keeping);

  async function keep(): Promise<void> {
    setAsking(false);
    if (next === null) return;
    await save({ retention: next });
    await useSite.getState().load();
  }

  return (
    <form
      className={styles.fields}
      data-testid="retention"
      onSubmit={(event) => {
        event.preventDefault();
        if (shorter) setAsking(true);
        else if (changed) void keep();
      }}
    >
      {FIELDS.map((name) => (
        <div key={name} className={styles.field}>
          <label htmlFor={`${id}-${name}`} className={styles.label}>
            {t(`retention.${name}`)}
          </label>
          <input
            id={`${id}-${name}`}
            className={styles.input}
            inputMode="decimal"
            value={typed[name]}
            disabled={fixed.includes(name)}
            data-testid={name}
            placeholder={ENDLESS.has(name) ? t('retention.endless') : ''}
            aria-describedby={`${id}-${name}-hint`}
            onChange={({ currentTarget }) => setTyped((old) => ({ ...old, [name]: currentTarget.value }))}
          />
          <p id={`${id}-${name}-hint`} className={styles.hint}>
            {t(fixed.includes(name) ? 'given' : ENDLESS.has(name) ? 'retention.hintEndless' : 'retention.hint')}
          </p>
        </div>
      ))}
      {next === null && (
        <p className={styles.wrong} role="status">
          {t('retention.wrong')}
        </p>
      )}
      {!saved && <Notice tone="bad" live title={t('settings:failed')} />}
      <div className={styles.buttons}>
        <Button type="submit" variant="primary" disabled={!changed} data-testid="retention-save">
          {t('save')}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        title={t('retention.shorterTitle')}
        confirm={t('retention.shorterDo')}
        onConfirm={() => void keep()}
        onClose={() => setAsking(false)}
      >
        {t('retention.shorterBody')}
      </ConfirmDialog>
    </form>
  );
}
