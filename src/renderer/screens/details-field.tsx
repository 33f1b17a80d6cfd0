import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldProblem } from '#shared/person';
import { Select } from '../components/select.tsx';
import { lookUp } from '../i18n/index.ts';
import { formatList } from '../lib/format.ts';
import { fieldType } from '../lib/person-draft.ts';
import { useStation } from '../stores/station.ts';
import styles from './details.module.css';

const AUTOCAPITALIZE: Record<string, 'words' | 'characters' | 'off'> = {
  'name.family': 'words',
  'name.given': 'words',
  code: 'off',
};

/** One field of a person with what the platforms mind about it. */
export function PersonField({
  field,
  value,
  problems,
  onChange,
  onBlur,
  testId = `field-${field}`,
}: {
  field: string;
  value: string;
  problems: FieldProblem[];
  onChange(value: string): void;
  onBlur(): void;
  testId?: string;
}) {
  const { t, i18n } = useTranslation('details');
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const first = field === 'code';
  useEffect(() => {
    // The desk's scanner types into whatever has the focus.
    if (first) input.current?.focus();
  }, [first]);
  const label = lookUp(i18n, 'details', ['field', ...field.split('.')]) ?? field;
  const hint = lookUp(i18n, 'details', ['hint', field]);
  const type = fieldType(field);
  const invalid = problems.length > 0;
  const describedBy = [hint && `${id}-hint`, invalid && `${id}-problem`].filter(Boolean).join(' ') || undefined;
  const message = invalid && <FieldMessage id={`${id}-problem`} value={value} field={field} problems={problems} />;
  if (type === 'gender') {
    return (
      <div className={styles.field}>
        <Select
          label={label}
          value={value}
          choices={[
            { value: '', label: t('gender.choose') },
            ...(['female', 'male', 'unknown'] as const).map((one) => ({
              value: one as string,
              label: t(`gender.${one}`),
            })),
          ]}
          onChange={onChange}
          testId={testId}
          field={field}
          invalid={invalid}
          describedBy={describedBy}
        />
        {message}
      </div>
    );
  }
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        ref={input}
        id={id}
        className={styles.input}
        type={type === 'time' ? 'datetime-local' : type === 'tel' || type === 'email' ? type : 'text'}
        value={value}
        data-field={field}
        data-testid={testId}
        // A front desk's browser must not remember other people's data.
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize={AUTOCAPITALIZE[field] ?? 'sentences'}
        spellCheck={false}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={(event) => {
          // Left for the next field, not for a switch elsewhere on the page.
          if (event.relatedTarget?.hasAttribute('data-field')) onBlur();
        }}
      />
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {message}
    </div>
  );
}

/** Our words for what is wrong, naming the platforms, and the station's own below. */
function FieldMessage({
  id,
  field,
  value,
  problems,
}: {
  id: string;
  field: string;
  value: string;
  problems: FieldProblem[];
}) {
  const { t, i18n } = useTranslation('details');
  const platforms = useStation((state) => state.platforms);
  const empty = value.trim() === '';
  const everybody = problems.some((problem) => problem.platform === undefined);
  const titles = [
    ...new Set(problems.map(({ platform }) => platforms.find((one) => one.id === platform)?.title ?? platform ?? '')),
  ];
  const names = { platforms: formatList(titles, i18n.language) };
  const words = empty
    ? field.startsWith('name.')
      ? t('nameMissing')
      : everybody
        ? t('missing')
        : t('missingFor', names)
    : everybody
      ? t('invalid')
      : t('invalidFor', names);
  const originals = empty ? [] : [...new Set(problems.map((problem) => problem.message))];
  return (
    <div id={id} className={styles.problem} role="status" data-testid={`error-${field}`}>
      <p>{words}</p>
      {originals.map((original) => (
        <p key={original} className={styles.original}>
          {original}
        </p>
      ))}
    </div>
  );
}
