import { useEffect, useRef } from 'react';
import type { SiteTrial, TrialLine } from '#shared/calls/site';
import type { FormField } from '#shared/platform-form';
import { Icon, type IconName } from '../../components/icons.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { faultWords } from '../../lib/fault-words.ts';
import { formatDuration } from '../../lib/format.ts';
import { wordsIn } from '../../lib/site-form.ts';
import styles from './site.module.css';

const ICONS: Record<TrialLine['state'], IconName> = { good: 'check', warn: 'alert', bad: 'cross', skipped: 'pause' };

/** What trying a platform told, a line a step: how it is, and what to do next. */
export function TrialLines({ trial, kind, fields }: { trial: SiteTrial; kind: string; fields: readonly FormField[] }) {
  const { t } = useTranslation('site');
  const box = useRef<HTMLDivElement>(null);
  // A long form hides what it was asked for.
  useEffect(() => {
    if (trial.lines.length > 0) box.current?.scrollIntoView({ block: 'nearest' });
  }, [trial]);
  const bad = trial.lines.some(({ state }) => state === 'bad');
  return (
    <div ref={box} className={styles.trial} data-testid="trial" data-outcome={bad ? 'bad' : 'good'} role="status">
      <p className={styles.outcome}>{t(bad ? 'trial.bad' : 'trial.good')}</p>
      <ol className={styles.lines}>
        {trial.lines.map((line) => (
          <Line key={`${line.step} ${line.about}`} line={line} kind={kind} fields={fields} />
        ))}
      </ol>
      {trial.detail && <p className={styles.hint}>{trial.detail}</p>}
    </div>
  );
}

function Line({ line, kind, fields }: { line: TrialLine; kind: string; fields: readonly FormField[] }) {
  const { t, i18n } = useTranslation('site');
  const { step, state, code, about, fault } = line;
  const field = fields.find(({ path }) => path === about);
  const what =
    field !== undefined
      ? wordsIn(field.label, i18n.locale)
      : step === 'clock' && about !== null
        ? formatDuration(Number(about), i18n.locale)
        : (about ?? '');
  const meaning = fault === null ? null : faultWords(i18n, fault, kind).meaning;
  const next = t(`says.${code}.next`);
  return (
    <li className={styles.line} data-state={state} data-testid={`trial-${step}`} data-code={code}>
      <Icon name={ICONS[state]} />
      <div>
        <p className={styles.says}>
          {t('line', { step: t(`step.${step}`), says: t(`says.${code}.title`, { what }) })}
          <span className="hidden-text"> {t(`state.${state}`)}</span>
        </p>
        {next !== '-' && <p>{next}</p>}
        {meaning && <p>{meaning}</p>}
        {fault && (
          <p className={styles.hint}>
            <code>{fault.code}</code> {fault.message}
          </p>
        )}
      </div>
    </li>
  );
}
