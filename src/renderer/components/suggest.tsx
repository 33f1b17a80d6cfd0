import Combobox from '@github/combobox-nav';
import { type ComponentProps, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import styles from './suggest.module.css';

export interface Suggestion {
  /** What is taken when it is chosen. */
  value: string;
  name: string;
  detail: string;
}

/** Long enough not to ask for every letter. */
const PAUSE_MS = 200;

/** Keys that open the list, and which of its ends they highlight first. */
const OPENS: ReadonlyMap<string, 1 | -1> = new Map([
  ['ArrowDown', 1],
  ['ArrowUp', -1],
]);

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
  const [open, setOpen] = useState(false);
  const { t } = useTranslation();
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const combobox = useRef<Combobox>(null);
  /** Which end is highlighted once the list is there. */
  const end = useRef<1 | -1>(null);

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

  const choose = useEffectEvent((option: EventTarget | null) => {
    const chosen = found[[...(list.current?.children ?? [])].indexOf(option as Element)];
    if (!chosen) return;
    setTyped('');
    setFound([]);
    setOpen(false);
    onChoose(chosen);
  });
  useEffect(() => {
    if (!field.current || !list.current) return;
    // What is highlighted is chosen by Enter or a touch alone: leaving the field chooses nothing.
    const own = new Combobox(field.current, list.current, { tabInsertsSuggestions: false });
    combobox.current = own;
    const commit = ({ target }: Event): void => choose(target);
    own.list.addEventListener('combobox-commit', commit);
    return () => {
      own.list.removeEventListener('combobox-commit', commit);
      own.destroy();
    };
  }, []);
  const shown = open && found.length > 0;
  useEffect(() => {
    const [popup, source, own] = [list.current, field.current, combobox.current];
    if (!shown || !popup || !source || !own) return;
    // Named as its source, the field is what the list is laid beside.
    popup.showPopover({ source });
    own.start();
    if (end.current) own.navigate(end.current);
    end.current = null;
    return () => {
      own.stop();
      popup.hidePopover();
    };
  }, [shown]);
  useEffect(() => {
    // More may be found while one is highlighted: it stays, unless it is no longer among them.
    if (found.length > 0 && !list.current?.querySelector('[aria-selected="true"]')) combobox.current?.clearSelection();
  }, [found]);

  return (
    <>
      <input
        autoComplete="off"
        {...input}
        ref={field}
        value={value}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.value);
          setTyped(currentTarget.value);
          setOpen(true);
        }}
        onBlur={(event) => {
          setOpen(false);
          input.onBlur?.(event);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape' && shown) {
            // The list goes and what was typed stays: Escape is the dialog's or the kiosk's only where there is no list.
            event.preventDefault();
            event.stopPropagation();
            setOpen(false);
          } else if (OPENS.has(event.key) && !shown && found.length > 0) {
            event.preventDefault();
            end.current = OPENS.get(event.key) ?? null;
            setOpen(true);
          }
        }}
      />
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={input['aria-label'] ?? input.placeholder}
        popover="manual"
        className={styles.popup}
        // The field keeps the focus while something in the list is touched.
        onMouseDown={(event) => event.preventDefault()}
      >
        {shown &&
          found.map((one) => (
            <div key={one.value} role="option" tabIndex={-1} className={styles.item}>
              <span className={styles.name}>{one.name}</span>
              <span className={styles.detail}>{one.detail}</span>
            </div>
          ))}
      </div>
      <span role="status" className="hidden-text">
        {shown && t('suggestions', { count: found.length })}
      </span>
    </>
  );
}
