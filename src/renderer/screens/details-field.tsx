import { type FocusEvent, useEffect, useId, useRef } from 'react';
import type { FieldProblem } from '#shared/person';
import { Select } from '../components/select.tsx';
import { Suggest } from '../components/suggest.tsx';
import { type I18n, lookUp, useTranslation } from '../i18n/index.ts';
import { formatList } from '../lib/format.ts';
import { fieldType } from '../lib/person-draft.ts';
import { groupProblems, type ProblemGroup } from '../lib/problem-words.ts';
import { findHosts as findStaff } from '../lib/visit-suggestions.ts';
import { useStation } from '../stores/station.ts';
import styles from './details.module.css';

const AUTOCAPITALIZE: Record<string, 'words' | 'characters' | 'off'> = {
  'name.family': 'words',
  'name.given': 'words',
  code: 'off',
};

/** What a field is called, in the reader's language. */
export function fieldLabel(i18n: I18n, field: string): string {
  return lookUp(i18n, 'details', ['field', ...field.split('.')]) ?? field;
}

/** One field of a person with what the platforms mind about it. */
export function PersonField({
  field,
  value,
  problems,
  onChange,
  onBlur,
  testId = `field-${field}`,
  fixed = false,
  made = false,
  findHosts = findStaff,
  label: called,
}: {
  field: string;
  value: string;
  problems: FieldProblem[];
  onChange(value: string): void;
  onBlur(): void;
  testId?: string;
  /** It can be read, not typed over. */
  fixed?: boolean;
  /** The station made it up: nothing to type unless the visitor brings one. */
  made?: boolean;
  /** Where hosts are looked for; null where none are suggested. */
  findHosts?: typeof findStaff | null;
  /** Said in place of the field's usual name. */
  label?: string | undefined;
}) {
  const { t, i18n } = useTranslation('details');
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const first = field === 'code' && !fixed && !made;
  useEffect(() => {
    // The desk's scanner types into whatever has the focus.
    if (first) input.current?.focus();
  }, [first]);
  const label = called ?? fieldLabel(i18n, field);
  const hint = fixed ? t('codeFixed') : lookUp(i18n, 'details', ['hint', made ? 'visitorCode' : field]);
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
  const attributes = {
    id,
    className: styles.input,
    'data-field': field,
    'data-testid': testId,
    // A front desk's browser must not remember other people's data.
    autoComplete: 'off',
    autoCorrect: 'off',
    autoCapitalize: AUTOCAPITALIZE[field] ?? 'sentences',
    spellCheck: false,
    'aria-invalid': invalid || undefined,
    'aria-describedby': describedBy,
    onBlur: (event: FocusEvent) => {
      // Left for the next field, not for a switch elsewhere on the page.
      if (event.relatedTarget?.hasAttribute('data-field')) onBlur();
    },
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {field === 'visit.host' && findHosts ? (
        <Suggest
          {...attributes}
          value={value}
          onChange={onChange}
          find={findHosts}
          onChoose={(host) => onChange(host.value)}
        />
      ) : (
        <input
          {...attributes}
          ref={input}
          type={type === 'time' ? 'datetime-local' : type === 'tel' || type === 'email' ? type : 'text'}
          value={value}
          readOnly={fixed}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {message}
    </div>
  );
}

/** Our words for each rule that is broken, naming the platforms, and the station's own below. */
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
  const names = (group: ProblemGroup) =>
    formatList(
      group.platforms.map((id) => platforms.find((one) => one.id === id)?.title ?? id),
      i18n.locale,
    );
  const wordsOf = (group: ProblemGroup): string => {
    const rule = group.broken?.rule;
    if (empty && field.startsWith('name.')) return t('nameMissing');
    // An empty field breaks many rules; that it is empty is what has to be said.
    if (empty && rule !== 'hostMissing')
      return group.everybody ? t('missing') : t('missingFor', { platforms: names(group) });
    if (!group.broken) return group.everybody ? t('invalid') : t('invalidFor', { platforms: names(group) });
    const words = t(`rule.${group.broken.rule}`, group.broken.values);
    return group.everybody ? words : t('common:labelled', { label: names(group), text: words });
  };
  return (
    <div id={id} className={styles.problem} role="status" data-testid={`error-${field}`}>
      {groupProblems(problems).map((group) => (
        <div key={group.messages.join()}>
          <p>{wordsOf(group)}</p>
          {!empty &&
            group.messages.map((original) => (
              <p key={original} className={styles.original}>
                {original}
              </p>
            ))}
        </div>
      ))}
    </div>
  );
}
