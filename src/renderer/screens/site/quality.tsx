import { useId, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Inspection, MeasureName } from '#shared/measures';
import { judge, type Limit, PRESETS, type QualityConfig, type Verdict } from '#shared/quality';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { Notice } from '../../components/screen.tsx';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { formatNumbers } from '../../lib/format.ts';
import {
  beginDraft,
  draftCriteria,
  isSameDraft,
  MEASURE_GROUPS,
  type MeasureGroup,
  type QualityDraft,
  typedLimit,
  withLimit,
} from '../../lib/quality-draft.ts';
import { useSite } from '../../stores/site.ts';
import { useStation } from '../../stores/station.ts';
import settings from '../settings.module.css';
import { LivePreview } from './live-preview.tsx';
import styles from './quality.module.css';

const GROUPS = Object.keys(MEASURE_GROUPS) as MeasureGroup[];

/** How strict the check is: a preset, limits of this desk's own, and what they would say of the camera's picture before they are saved. */
export function QualitySettings() {
  const { started, config } = useSite(
    useShallow(({ view }) => ({ started: view?.started ?? false, config: view?.quality ?? null })),
  );
  const { preset, limits } = useStation(
    useShallow((state) => ({ preset: state.settings.preset, limits: state.settings.limits })),
  );
  const kept = useMemo(() => beginDraft({ preset, limits }, config, started), [preset, limits, config, started]);
  // What is saved elsewhere begins the form anew.
  return <QualityForm key={JSON.stringify(kept)} kept={kept} fixed={started ? config : null} />;
}

function QualityForm({ kept, fixed }: { kept: QualityDraft; fixed: QualityConfig | null }) {
  const { t } = useTranslation('quality');
  const save = useStation((state) => state.saveSettings);
  const saved = useStation((state) => state.settingsSaved);
  const [draft, setDraft] = useState(kept);
  const [wrong, setWrong] = useState<ReadonlySet<MeasureName>>(new Set());
  const [look, setLook] = useState<Inspection | null>(null);
  const [watching, setWatching] = useState(false);
  const [round, setRound] = useState(0);
  const criteria = draftCriteria(draft, fixed);
  const verdict = look === null ? null : judge(look, criteria);
  const preset = fixed?.preset ?? draft.preset;
  const changed = !isSameDraft(kept, draft);
  const own = Object.keys(draft.limits).length;

  const put = (measure: MeasureName, limit: Limit | null) => {
    setWrong((old) => {
      const next = new Set(old);
      if (limit === null) next.add(measure);
      else next.delete(measure);
      return next;
    });
    if (limit !== null) setDraft((old) => withLimit(old, measure, limit));
  };
  const begin = (next: QualityDraft) => {
    setDraft(next);
    setWrong(new Set());
    setRound((old) => old + 1);
  };

  return (
    <div className={styles.quality} data-testid="quality" data-own={own} data-changed={changed || undefined}>
      <div className={settings.row}>
        <Select
          label={t('settings:preset')}
          value={preset}
          choices={(fixed?.preset ? [fixed.preset] : PRESETS).map((one) => ({
            value: one,
            label: t(`settings:presets.${one}`),
          }))}
          onChange={(next) => begin({ ...draft, preset: next })}
          testId="preset"
        />
        <p className={settings.hint}>{t(fixed?.preset ? 'given' : `settings:presetHint.${preset}`)}</p>
      </div>
      <LivePreview on={watching} onLook={setLook}>
        {verdict && <Said verdict={verdict} />}
      </LivePreview>
      <div className={settings.buttons}>
        <Button
          icon="camera"
          aria-pressed={watching}
          data-testid="quality-live"
          onClick={() => {
            setWatching(!watching);
            setLook(null);
          }}
        >
          {t(watching ? 'stop' : 'start')}
        </Button>
      </div>
      <details className={styles.limits}>
        <summary>{own === 0 ? t('limits') : t('limitsOwn', { count: own })}</summary>
        <p className={settings.hint}>{t('limitsHint')}</p>
        {GROUPS.map((group) => (
          <fieldset key={`${group} ${round}`} className={styles.group}>
            <legend>{t(`group.${group}`)}</legend>
            {MEASURE_GROUPS[group].map((measure) => (
              <MeasureRow
                key={measure}
                measure={measure}
                limit={criteria[measure] ?? {}}
                own={draft.limits[measure] !== undefined}
                fixed={fixed?.[measure] !== undefined}
                wrong={wrong.has(measure)}
                value={look === null ? undefined : look.measures[measure]}
                refused={verdict?.reasons.some((reason) => reason.measure === measure) ?? false}
                onChange={(limit) => put(measure, limit)}
              />
            ))}
          </fieldset>
        ))}
      </details>
      {!saved && <Notice tone="bad" live title={t('settings:failed')} />}
      <div className={settings.buttons}>
        <Button
          variant="primary"
          disabled={!changed || wrong.size > 0}
          data-testid="quality-save"
          onClick={() => void save({ preset: draft.preset, limits: draft.limits })}
        >
          {t('save')}
        </Button>
        <Button
          disabled={own === 0 && wrong.size === 0}
          data-testid="quality-reset"
          onClick={() => begin({ ...draft, limits: {} })}
        >
          {t('reset')}
        </Button>
        {(changed || wrong.size > 0) && (
          <Button variant="quiet" onClick={() => begin(kept)}>
            {t('discard')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** What the limits being edited say of the picture now. */
function Said({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation('quality');
  const { accepted, reasons } = verdict;
  return (
    <div data-testid="quality-verdict" data-accepted={accepted} className={styles.said} role="status">
      <p className={settings.verdict} data-tone={accepted ? 'good' : 'bad'}>
        <Icon name={accepted ? 'check' : 'cross'} />
        {t(accepted ? 'wouldTake' : 'wouldRefuse')}
      </p>
      {reasons.length > 0 && (
        <ul className={styles.reasons}>
          {reasons.map(({ measure }) => (
            <li key={measure}>{t(`measure.${measure}`)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function MeasureRow({
  measure,
  limit,
  own,
  fixed,
  wrong,
  value,
  refused,
  onChange,
}: {
  measure: MeasureName;
  limit: Limit;
  own: boolean;
  fixed: boolean;
  wrong: boolean;
  /** Undefined while nothing is looked at, null where it cannot be told. */
  value: number | null | undefined;
  refused: boolean;
  onChange(limit: Limit | null): void;
}) {
  const { t, i18n } = useTranslation('quality');
  const id = useId();
  const [ends, setEnds] = useState({ min: limit.min?.toString() ?? '', max: limit.max?.toString() ?? '' });
  const name = t(`measure.${measure}`);
  const change = (next: typeof ends) => {
    setEnds(next);
    onChange(typedLimit(next.min, next.max));
  };
  const now = value === undefined ? '' : value === null ? t('unknown') : formatNumbers([value], i18n.locale);
  return (
    <div className={styles.row} data-testid={`measure-${measure}`} data-refused={refused || undefined}>
      <p className={styles.name}>
        {name} {own && <span className={styles.mark}>{t('own')}</span>}
        {fixed && <span className={styles.mark}>{t('fixed')}</span>}
      </p>
      {(['min', 'max'] as const).map((end) => (
        <label key={end} className={styles.end}>
          <span>{t(end)}</span>
          <input
            inputMode="decimal"
            value={ends[end]}
            disabled={fixed}
            aria-label={t('endOf', { name, end: t(end) })}
            aria-invalid={wrong || undefined}
            aria-describedby={wrong ? id : undefined}
            data-testid={`${measure}-${end}`}
            onChange={({ currentTarget }) => change({ ...ends, [end]: currentTarget.value })}
          />
        </label>
      ))}
      <p className={styles.now} data-refused={refused || undefined}>
        {now !== '' && <Icon name={refused ? 'cross' : 'check'} />}
        {now}
      </p>
      {wrong && (
        <p id={id} className={styles.wrong} role="status">
          {t('wrong')}
        </p>
      )}
    </div>
  );
}
