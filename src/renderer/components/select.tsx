import { useId } from 'react';
import styles from './select.module.css';

export interface Choice<T extends string> {
  value: T;
  label: string;
}

/** A list to choose one from: the browser's own, in our clothes. */
export function Select<T extends string>({
  label,
  hideLabel = false,
  value,
  choices,
  onChange,
  testId,
  invalid = false,
  describedBy,
  field,
}: {
  label: string;
  hideLabel?: boolean;
  value: T;
  choices: readonly Choice<T>[];
  onChange(value: T): void;
  testId?: string;
  invalid?: boolean;
  describedBy?: string | undefined;
  /** The person's field this chooses, for whoever looks for the first wrong one. */
  field?: string;
}) {
  const id = useId();
  // The browser is silent when somebody chooses what is chosen already; after a choice that was refused it means something.
  const again = (target: EventTarget) => {
    if (target instanceof HTMLOptionElement && target.value === value) onChange(value);
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? 'hidden-text' : styles.label}>
        {label}
      </label>
      <select
        id={id}
        className={styles.select}
        value={value}
        data-testid={testId}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        data-field={field}
        onClick={({ target }) => again(target)}
        onKeyDown={({ key, target }) => {
          if (key === 'Enter' || key === ' ') again(target);
        }}
        onChange={({ currentTarget }) => {
          const chosen = choices.find((choice) => choice.value === currentTarget.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {/* Nothing is chosen that is not in the list: without this the browser would show its first. */}
        {!choices.some((choice) => choice.value === value) && <option value={value} hidden />}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} className={styles.option}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
