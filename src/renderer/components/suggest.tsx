import { type ComponentProps, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
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
} & Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'onKeyDown' | 'defaultValue' | 'style' | 'color'>) {
  const [found, setFound] = useState<S[]>([]);
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const shown = open && found.length > 0;
  const highlighted = shown ? found[active] : undefined;

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
  useEffect(() => {
    const [popup, source] = [list.current, field.current];
    // Named as its source, the field is what the list is laid beside.
    if (shown && popup && source) popup.showPopover({ source });
    else popup?.hidePopover();
  }, [shown]);
  useEffect(() => {
    if (active >= 0) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  function choose(one: S): void {
    setTyped('');
    setFound([]);
    close();
    onChoose(one);
  }
  function close(): void {
    setOpen(false);
    setActive(-1);
  }
  function onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      // Past either end nothing is highlighted, and Enter is the form's again.
      const places = found.length + 1;
      setActive(shown ? ((active + 1 + step + places) % places) - 1 : step > 0 ? 0 : found.length - 1);
      setOpen(true);
    } else if (event.key === 'Enter' && highlighted) choose(highlighted);
    else if (event.key === 'Escape' && shown) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      <input
        {...input}
        ref={field}
        value={value}
        role="combobox"
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={highlighted && `${id}-${active}`}
        autoComplete="off"
        onKeyDown={onKey}
        onBlur={(event) => {
          close();
          input.onBlur?.(event);
        }}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.value);
          setTyped(currentTarget.value);
          setActive(-1);
          setOpen(true);
        }}
      />
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        tabIndex={-1}
        aria-label={input['aria-label'] ?? input.placeholder}
        popover="manual"
        className={styles.popup}
        // The focus stays in the field: it would close the list before it is touched.
        onMouseDown={(event) => event.preventDefault()}
      >
        {shown &&
          found.map((one, place) => (
            <button
              key={one.value}
              id={`${id}-${place}`}
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={place === active}
              className={styles.item}
              onClick={() => choose(one)}
            >
              <span className={styles.name}>{one.name}</span>
              <span className={styles.detail}>{one.detail}</span>
            </button>
          ))}
      </div>
    </>
  );
}
