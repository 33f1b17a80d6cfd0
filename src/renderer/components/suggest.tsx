import { Autocomplete } from '@base-ui/react/autocomplete';
import { type ComponentProps, useEffect, useState } from 'react';
import styles from './suggest.module.css';

export interface Suggestion {
  /** What is taken when it is chosen. */
  value: string;
  name: string;
  detail: string;
}

/** Long enough not to ask for every letter. */
const PAUSE_MS = 200;

/**
 * A text field that suggests as somebody types, and takes what is not suggested as well. `find` tells what it has as often as it has more, and
 * may fail: then nothing more is suggested. Enter chooses what is highlighted, and is the form's where nothing is.
 */
export function Suggest<S extends Suggestion>({
  value,
  onChange,
  onChoose,
  find,
  ...input
}: {
  value: string;
  onChange(value: string): void;
  onChoose(chosen: S): void;
  find(query: string, tell: (found: S[]) => void): Promise<void>;
} & Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'defaultValue' | 'style' | 'color'>) {
  const [found, setFound] = useState<S[]>([]);
  const [typed, setTyped] = useState('');
  useEffect(() => {
    const query = typed.trim();
    let gone = false;
    const timer = setTimeout(() => {
      let told = false;
      const tell = (next: S[]) => {
        told = true;
        if (!gone) setFound(next);
      };
      const nothing = () => !told && tell([]);
      (query === '' ? Promise.resolve() : find(query, tell)).then(nothing, nothing);
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [typed, find]);
  return (
    <Autocomplete.Root
      mode="none"
      items={found}
      value={value}
      itemToStringValue={(one: S) => one.value}
      onValueChange={(next, { reason }) => {
        if (reason === 'item-press') return;
        onChange(next);
        setTyped(next);
      }}
    >
      <Autocomplete.Input {...input} />
      <Autocomplete.Portal>
        <Autocomplete.Positioner className={styles.positioner} sideOffset={6}>
          <Autocomplete.Popup className={styles.popup}>
            <Autocomplete.List>
              {(one: S) => (
                <Autocomplete.Item
                  key={one.value}
                  value={one}
                  className={styles.item}
                  onClick={() => {
                    setTyped('');
                    setFound([]);
                    onChoose(one);
                  }}
                >
                  <span className={styles.name}>{one.name}</span>
                  <span className={styles.detail}>{one.detail}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
