import { type Ref, useId } from 'react';
import { Spinner } from './button.tsx';
import { Icon } from './icons.tsx';
import styles from './search-field.module.css';

/** A field to look for somebody by, with its label above. What is typed may be a name or a scanned code: nothing corrects it. */
export function SearchField(props: {
  ref?: Ref<HTMLInputElement>;
  label: string;
  hint: string;
  value: string;
  busy?: boolean;
  testId?: string;
  onChange(value: string): void;
}) {
  const id = useId();
  return (
    <div className={styles.search}>
      <label htmlFor={id} className={styles.label}>
        {props.label}
      </label>
      <div className={styles.box}>
        <Icon name="search" />
        <input
          {...(props.ref && { ref: props.ref })}
          id={id}
          type="search"
          className={styles.input}
          value={props.value}
          placeholder={props.hint}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={255}
          data-testid={props.testId ?? 'search'}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
        {props.busy && <Spinner />}
      </div>
    </div>
  );
}
