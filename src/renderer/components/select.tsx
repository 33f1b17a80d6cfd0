import { Select as Base } from '@base-ui/react/select';
import { Icon } from './icons.tsx';
import styles from './select.module.css';

export interface Choice<T extends string> {
  value: T;
  label: string;
}

/** A list to choose one from, with the keyboard of a native one. */
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
  return (
    <Base.Root
      items={[...choices]}
      value={value}
      onValueChange={(next) => {
        if (next !== null) onChange(next as T);
      }}
      modal={false}
    >
      <div className={styles.field}>
        <Base.Label className={hideLabel ? 'hidden-text' : styles.label}>{label}</Base.Label>
        <Base.Trigger
          className={styles.trigger}
          data-testid={testId}
          aria-invalid={invalid || undefined}
          aria-describedby={describedBy}
          data-field={field}
        >
          <Base.Value className={styles.value} />
          <Base.Icon className={styles.icon}>
            <Icon name="chevron-down" />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner className={styles.positioner} sideOffset={6} alignItemWithTrigger={false}>
          <Base.Popup className={styles.popup}>
            <Base.List className={styles.list}>
              {choices.map((choice) => (
                <Base.Item key={choice.value} value={choice.value} className={styles.item}>
                  <Base.ItemIndicator className={styles.indicator}>
                    <Icon name="check" />
                  </Base.ItemIndicator>
                  <Base.ItemText className={styles.text}>{choice.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
