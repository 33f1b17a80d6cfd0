import { useId } from 'react';
import type { SitePlatform, SiteProblem, SiteTrial } from '#shared/calls/site';
import type { FormField } from '#shared/platform-form';
import { Select } from '../../components/select.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { formatWhen } from '../../lib/format.ts';
import { entryNames, listText, type Typed, textList, wordsIn } from '../../lib/site-form.ts';
import { SwitchRow } from '../settings-form.tsx';
import styles from './site.module.css';

interface FieldProps {
  field: FormField;
  value: Typed[string] | undefined;
  /** Name of the environment's variable it is taken from; null where it is typed here. */
  variable: string | null;
  problem: SiteProblem | undefined;
  lists: SiteTrial['lists'];
  onChange(value: Typed[string]): void;
}

/** One field of a platform's configuration, drawn from what its schema says. */
export function Field(props: FieldProps) {
  const { field, value, onChange } = props;
  const { i18n } = useTranslation('site');
  const label = wordsIn(field.label, i18n.locale);
  const help = wordsIn(field.help, i18n.locale);
  if (field.kind === 'flag')
    return <SwitchRow label={label} hint={help} checked={value === true} onChange={(on) => onChange(on)} />;
  const entries = entriesFor(props);
  if (Array.isArray(value) && entries.length > 0)
    return <Several {...props} label={label} help={help} entries={entries} />;
  if (field.choices.length > 0 || (typeof value === 'string' && entries.length > 0))
    return <One {...props} label={label} help={help} entries={entries} />;
  return <Line {...props} label={label} help={help} />;
}

interface Named {
  id: string;
  name: string;
}

/** What the platform has to choose from for a field; nothing before it was asked. */
function entriesFor({ field: { from, choices }, lists }: FieldProps): Named[] {
  if (choices.length > 0 || from === null || lists === null) return [];
  return entryNames(lists[from.list]).filter((_entry, at) => {
    const kind = lists[from.list][at]?.kind ?? null;
    return kind === null || from.kind === null || kind === from.kind;
  });
}

type Told = FieldProps & { label: string; help: string };

/** Text, an address, a number, or several of them in a line. */
function Line({ field, value, variable, problem, label, help, onChange }: Told) {
  const { t, i18n } = useTranslation('site');
  const id = useId();
  const several = Array.isArray(value);
  const otherwise = field.default === null ? '' : t('empty', { what: wordsIn(field.default, i18n.locale) });
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label} {!field.required && <span className={styles.optional}>{t('optional')}</span>}
      </label>
      <input
        id={id}
        className={styles.input}
        data-testid={`field-${field.path}`}
        type="text"
        inputMode={field.kind === 'number' ? 'numeric' : field.kind === 'url' ? 'url' : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={several ? undefined : String(value ?? '')}
        defaultValue={several ? listText(value) : undefined}
        placeholder={variable === null ? otherwise : t('variable', { name: variable })}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={`${id}-help ${id}-problem`}
        onChange={({ currentTarget }) => onChange(several ? textList(currentTarget.value) : currentTarget.value)}
      />
      <p id={`${id}-help`} className={styles.hint}>
        {help} {field.from !== null && t('fromList')}
      </p>
      <Wrong id={`${id}-problem`} problem={problem} />
    </div>
  );
}

/** One of several: the schema's own choices, or the platform's list with a way to type what is not in it. */
function One({ field, value, problem, label, help, entries, onChange }: Told & { entries: readonly Named[] }) {
  const { t, i18n } = useTranslation('site');
  const id = useId();
  const text = typeof value === 'string' ? value : '';
  const own = field.choices.map((choice) => ({ value: choice.value, label: wordsIn(choice.label, i18n.locale) }));
  const listed = entries.map((entry) => ({ value: entry.id, label: t('entry', { name: entry.name, id: entry.id }) }));
  const choices = [...own, ...listed];
  const none = field.default === null ? t('choose') : t('empty', { what: wordsIn(field.default, i18n.locale) });
  const strange = text !== '' && !choices.some((choice) => choice.value === text);
  return (
    <div className={styles.field}>
      <Select
        label={label}
        value={text}
        choices={[
          ...(field.required && text !== '' ? [] : [{ value: '', label: none }]),
          ...choices,
          ...(strange ? [{ value: text, label: t('unlisted', { id: text }) }] : []),
        ]}
        onChange={onChange}
        testId={`field-${field.path}`}
        invalid={problem !== undefined}
        describedBy={`${id}-help ${id}-problem`}
      />
      <p id={`${id}-help`} className={styles.hint}>
        {help}
      </p>
      <Wrong id={`${id}-problem`} problem={problem} />
    </div>
  );
}

/** Any number of the platform's list. What is set and not in it stays to be seen. */
function Several({ field, value, problem, label, help, entries, onChange }: Told & { entries: readonly Named[] }) {
  const { t } = useTranslation('site');
  const id = useId();
  const chosen: readonly string[] = Array.isArray(value) ? value : [];
  const strange = chosen.filter((one) => !entries.some((entry) => entry.id === one));
  const all = [...entries, ...strange.map((one) => ({ id: one, name: t('unlistedName') }))];
  return (
    <fieldset className={styles.several} data-testid={`field-${field.path}`} aria-describedby={`${id}-problem`}>
      <legend className={styles.label}>
        {label} {!field.required && <span className={styles.optional}>{t('optional')}</span>}
      </legend>
      <p className={styles.hint}>{help}</p>
      {all.map((entry) => (
        <label key={entry.id} className={styles.check}>
          <input
            type="checkbox"
            checked={chosen.includes(entry.id)}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.checked ? [...chosen, entry.id] : chosen.filter((one) => one !== entry.id))
            }
          />
          <span>{t('entry', { name: entry.name, id: entry.id })}</span>
        </label>
      ))}
      <Wrong id={`${id}-problem`} problem={problem} />
    </fieldset>
  );
}

/** A secret: it can be written and never read. What is there stays while nothing is typed. */
export function SecretField({
  field,
  value,
  there,
  variable,
  problem,
  onChange,
}: {
  field: FormField;
  value: string;
  there: SitePlatform['secrets'][number] | undefined;
  variable: string | null;
  problem: SiteProblem | undefined;
  onChange(value: string): void;
}) {
  const { t, i18n } = useTranslation('site');
  const id = useId();
  const set = there?.set ?? false;
  return (
    <div className={styles.field} data-testid={`secret-of-${field.path}`} data-set={set}>
      <label htmlFor={id} className={styles.label}>
        {wordsIn(field.label, i18n.locale)}
      </label>
      <input
        id={id}
        className={styles.input}
        type="password"
        data-testid={`field-${field.path}`}
        autoComplete="one-time-code"
        spellCheck={false}
        maxLength={4096}
        value={value}
        placeholder={set ? t('secret.kept') : ''}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={`${id}-help ${id}-problem`}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <p id={`${id}-help`} className={styles.hint}>
        {wordsIn(field.help, i18n.locale)} {variable !== null && t('secret.variable', { name: variable })}
        {variable === null && set && there?.updatedAt != null
          ? t('secret.since', { when: formatWhen(there.updatedAt, Date.now(), i18n.locale) })
          : null}
      </p>
      <Wrong id={`${id}-problem`} problem={problem} />
    </div>
  );
}

/** What is wrong with a field, in words; what the station said small, where there are no words for it. */
export function Wrong({ id, problem }: { id: string; problem: SiteProblem | undefined }) {
  const { t } = useTranslation('site');
  return (
    <p id={id} className={styles.wrong} role="status">
      {problem && t(`problem.${problem.code}`)}
      {problem?.code === 'wrong' && <small> {problem.message}</small>}
    </p>
  );
}
