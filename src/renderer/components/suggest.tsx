import { useCombobox } from 'downshift';
import { type ComponentProps, useEffect, useRef, useState } from 'react';
import styles from './suggest.module.css';

export interface Suggestion {
  /** What is taken when it is chosen. */
  value: string;
  name: string;
  detail: string;
}

/** Long enough not to ask for every letter. */
const PAUSE_MS = 200;

/** Keys that move in the text, whether the list is open or not. */
const CARET: ReadonlySet<string> = new Set(['Home', 'End']);

/**
 * A text field that suggests as somebody types, and takes what is not suggested as well (the combobox with a list of the ARIA Authoring
 * Practices). `find` tells what it has as often as it has more, and may fail: then nothing more is suggested. Enter chooses what is
 * highlighted, and is the form's where nothing is.
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
} & Omit<
  ComponentProps<'input'>,
  'ref' | 'value' | 'onChange' | 'onSelect' | 'onKeyDown' | 'defaultValue' | 'style' | 'color'
>) {
  const [found, setFound] = useState<S[]>([]);
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

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

  const { isOpen, highlightedIndex, getInputProps, getMenuProps, getItemProps } = useCombobox<S>({
    items: found,
    inputValue: value,
    // What is chosen fills the form's fields; here nothing stays chosen.
    selectedItem: null,
    itemToString: (one) => one?.value ?? '',
    itemToKey: (one) => one?.value,
    stateReducer: (state, { type, changes }) => {
      const { InputKeyDownEscape, InputBlur, InputClick } = useCombobox.stateChangeTypes;
      // Escape closes the list and leaves what was typed; leaving the field chooses nothing; touching it opens nothing by itself.
      if (type === InputKeyDownEscape || type === InputBlur)
        return { ...changes, inputValue: state.inputValue, selectedItem: null };
      return type === InputClick ? { ...changes, isOpen: state.isOpen } : changes;
    },
    onSelectedItemChange({ selectedItem }) {
      if (!selectedItem) return;
      setTyped('');
      setFound([]);
      onChoose(selectedItem);
    },
  });
  const shown = isOpen && found.length > 0;
  useEffect(() => {
    const [popup, source] = [list.current, field.current];
    // Named as its source, the field is what the list is laid beside.
    if (shown && popup && source) popup.showPopover({ source });
    else popup?.hidePopover();
  }, [shown]);

  const name = input['aria-label'] ?? input.placeholder;
  return (
    <>
      <input
        {...getInputProps({
          ...input,
          ref: field,
          'aria-expanded': shown,
          // The form is labelled by its own <label>.
          'aria-labelledby': undefined,
          onChange({ currentTarget }) {
            onChange(currentTarget.value);
            setTyped(currentTarget.value);
          },
          onKeyDown(event) {
            // Enter is the form's, and Escape the dialog's or the kiosk's, unless the list has something to do with them.
            const own = event.key === 'Enter' ? shown && highlightedIndex >= 0 : event.key === 'Escape' ? shown : true;
            if (!own || CARET.has(event.key)) Object.assign(event.nativeEvent, { preventDownshiftDefault: true });
            else if (event.key === 'Escape') event.stopPropagation();
          },
        })}
      />
      <div
        {...getMenuProps({ ref: list, 'aria-label': name, 'aria-labelledby': undefined })}
        popover="manual"
        className={styles.popup}
      >
        {shown &&
          found.map((one, index) => (
            <div
              {...getItemProps({ item: one, index })}
              key={one.value}
              className={styles.item}
              data-highlighted={index === highlightedIndex || undefined}
            >
              <span className={styles.name}>{one.name}</span>
              <span className={styles.detail}>{one.detail}</span>
            </div>
          ))}
      </div>
    </>
  );
}
