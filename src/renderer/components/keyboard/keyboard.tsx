import { type RefObject, useEffect, useState } from 'react';
import { useTranslation } from '../../i18n/index.ts';
import { Icon, type IconName } from '../icons.tsx';
import { Candidates } from './candidates.tsx';
import styles from './keyboard.module.css';
import { type Key, type KeyAction, type Layer, layerFor, ROWS, startsCapital, takesWords } from './layouts.ts';
import { loadPinyin, type PinyinTable, readPinyin } from './pinyin.ts';
import { deleteFrom, enterIn, isTyped, textBefore, typeInto } from './typing.ts';
import { useHeld } from './use-held.ts';

/** `auto`: a name begins here, unless it is written in characters. */
type Shift = 'off' | 'auto' | 'once' | 'lock';

/** Keys with a sign; the others bear a word. */
const SIGNS = { back: 'backspace', hide: 'keyboard-down', shift: 'shift' } as const satisfies Partial<
  Record<KeyAction, IconName>
>;
const hasSign = (action: KeyAction): action is keyof typeof SIGNS => action in SIGNS;

/**
 * A keyboard on the screen for the fields inside `room`, below which it stands: it never covers what is typed. Letters, digits, accents,
 * and for Chinese pinyin with characters to choose. It leaves the focus in the field.
 */
export function Keyboard({ room, onHide }: { room: RefObject<HTMLElement | null>; onHide(): void }) {
  const { t, i18n } = useTranslation('keyboard');
  const field = useField(room);
  const [layer, setLayer] = useState<Layer>('letters');
  const [shift, setShift] = useState<Shift>('off');
  const [letters, setLetters] = useState('');
  const [wantsPinyin, setWantsPinyin] = useState(true);
  const table = usePinyin(i18n.locale.startsWith('zh'));
  const words = field !== null && takesWords(field.dataset.field ?? '', field.type);
  const pinyin = table !== null && wantsPinyin && words && layer === 'letters';
  const shown = pinyin && shift === 'auto' ? 'off' : shift;
  const reading = pinyin && letters !== '' ? readPinyin(table, letters) : null;

  const capital = () => {
    const input = current(room, field);
    const starts = input !== null && startsCapital(textBefore(input), input.autocapitalize);
    setShift((old) => (old === 'lock' ? old : starts ? 'auto' : 'off'));
  };
  useEffect(() => {
    if (!field) return;
    setLetters('');
    setLayer(layerFor(field.type));
    setShift(startsCapital(textBefore(field), field.autocapitalize) ? 'auto' : 'off');
  }, [field]);

  function put(text: string): void {
    const input = current(room, field);
    if (input) typeInto(input, text);
    capital();
  }

  function choose(character: string): void {
    const used = reading?.used ?? letters.length;
    setLetters(letters.slice(used));
    put(character);
  }

  function type(text: string): void {
    const [first] = reading?.characters ?? [];
    if (pinyin && /^[a-z]$/.test(text)) setLetters(letters + text);
    else if (pinyin && text === ' ' && first !== undefined) choose(first);
    else {
      if (letters !== '') put(letters);
      setLetters('');
      put(text);
    }
  }

  function erase(): void {
    const input = current(room, field);
    if (letters !== '') setLetters(letters.slice(0, -1));
    else if (input) deleteFrom(input);
    capital();
  }

  function enter(): void {
    const input = current(room, field);
    if (letters !== '') {
      setLetters('');
      put(letters);
    } else if (input) enterIn(input);
  }

  function act(action: KeyAction): void {
    switch (action) {
      case 'shift':
        setShift(AFTER_SHIFT[shown]);
        break;
      case 'back':
        erase();
        break;
      case 'enter':
        enter();
        break;
      case 'pinyin':
        setLetters('');
        setWantsPinyin((old) => !old);
        break;
      case 'hide':
        onHide();
        break;
      default:
        setLayer(action);
    }
  }

  const upper = shown !== 'off' && (layer === 'letters' || layer === 'accents');
  const rows = ROWS[layer];
  return (
    <section
      className={styles.keyboard}
      aria-label={t('label')}
      data-testid="keyboard"
      data-layer={layer}
      // The focus stays in the field, whatever is touched here.
      onMouseDown={(event) => event.preventDefault()}
    >
      {pinyin && <Candidates letters={letters} characters={reading?.characters ?? []} onChoose={choose} />}
      {rows.map((row, n) => (
        <div key={String(n)} className={styles.row}>
          {(n === rows.length - 1 && table !== null && words ? [does('pinyin'), ...row] : row).map((key) => (
            <KeyButton
              key={'does' in key ? key.does : key.type}
              keyOf={key}
              upper={upper}
              pressed={'does' in key && key.does === 'pinyin' ? pinyin : undefined}
              shift={shown}
              onType={type}
              onAct={act}
            />
          ))}
        </div>
      ))}
    </section>
  );
}

const AFTER_SHIFT: Record<Shift, Shift> = { off: 'once', auto: 'off', once: 'lock', lock: 'off' };

const does = (action: KeyAction): Key => ({ does: action });

function KeyButton({
  keyOf,
  upper,
  pressed,
  shift,
  onType,
  onAct,
}: {
  keyOf: Key;
  upper: boolean;
  pressed: boolean | undefined;
  shift: Shift;
  onType(text: string): void;
  onAct(action: KeyAction): void;
}) {
  const { t } = useTranslation('keyboard');
  const held = useHeld(() => onAct('back'));
  if ('does' in keyOf) {
    const { does: action } = keyOf;
    const sign = hasSign(action) ? SIGNS[action] : null;
    return (
      <button
        type="button"
        tabIndex={-1}
        className={styles.key}
        data-does={action}
        data-shift={action === 'shift' ? shift : undefined}
        aria-label={sign ? t(`key.${action}.label`) : undefined}
        title={sign ? undefined : t(`key.${action}.label`)}
        aria-pressed={action === 'shift' ? shift !== 'off' : pressed}
        data-testid={`key-${action}`}
        {...(action === 'back' ? held : { onClick: () => onAct(action) })}
      >
        {hasSign(action) ? <Icon name={SIGNS[action]} /> : t(`key.${action}.face`)}
      </button>
    );
  }
  const { type } = keyOf;
  const text = upper && type !== 'ß' ? type.toUpperCase() : type;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles.key}
      data-space={'space' in keyOf || undefined}
      data-testid={`key-${type === ' ' ? 'space' : type}`}
      onClick={() => onType(text)}
    >
      {type === ' ' ? t('key.space.face') : text}
    </button>
  );
}

/** The field letters go into: the one with the focus, else the first there is. */
function current(room: RefObject<HTMLElement | null>, field: HTMLInputElement | null): HTMLInputElement | null {
  const { activeElement } = document;
  if (isTyped(activeElement) && room.current?.contains(activeElement)) return activeElement;
  return field?.isConnected ? field : null;
}

/** The field that was last in focus. The first one gets the focus: nobody should have to touch what they are asked for. */
function useField(room: RefObject<HTMLElement | null>): HTMLInputElement | null {
  const [field, setField] = useState<HTMLInputElement | null>(null);
  useEffect(() => {
    const inside = room.current;
    if (!inside) return;
    const take = (element: Element | null) => {
      if (!isTyped(element)) return;
      setField(element);
      // The keyboard has just taken a part of the screen.
      element.scrollIntoView({ block: 'nearest' });
    };
    const onFocus = (event: FocusEvent) => take(event.target as Element);
    inside.addEventListener('focusin', onFocus);
    // Keyboard, window or letters have changed their size.
    const resized = new ResizeObserver(() => take(document.activeElement));
    resized.observe(inside);
    if (isTyped(document.activeElement)) take(document.activeElement);
    else [...inside.querySelectorAll('input')].find(isTyped)?.focus();
    return () => {
      inside.removeEventListener('focusin', onFocus);
      resized.disconnect();
    };
  }, [room]);
  return field;
}

function usePinyin(wanted: boolean): PinyinTable | null {
  const [table, setTable] = useState<PinyinTable | null>(null);
  useEffect(() => {
    if (!wanted) return setTable(null);
    let gone = false;
    loadPinyin().then(
      (next) => {
        if (!gone) setTable(next);
      },
      // Letters are left, as on any keyboard.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [wanted]);
  return table;
}
