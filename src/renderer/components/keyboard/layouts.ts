/** Keys that do something instead of typing what stands on them. */
export type KeyAction =
  | 'shift'
  | 'back'
  | 'enter'
  | 'letters'
  | 'numbers'
  | 'accents'
  | 'pinyin'
  /** Puts the keyboard away. */
  | 'hide';

/** One key: what it types, or what it does. `space` takes what is left of its row. */
export type Key = { type: string } | { does: KeyAction } | { type: ' '; space: true };

export type Layer = 'letters' | 'numbers' | 'accents' | 'digits';

const chars = (text: string): Key[] => text.split(' ').map((type) => ({ type }));
const does = (action: KeyAction): Key => ({ does: action });
const SPACE: Key = { type: ' ', space: true };

/**
 * The rows of each layer. Letters lie as on an English keyboard; the accents of European names have a layer of their own, as a long press is
 * something nobody finds within ten seconds.
 */
export const ROWS: Record<Layer, readonly (readonly Key[])[]> = {
  letters: [
    chars('q w e r t y u i o p'),
    chars('a s d f g h j k l'),
    [does('shift'), ...chars('z x c v b n m'), does('back')],
    [does('numbers'), does('accents'), ...chars('@ .'), SPACE, ...chars('-'), does('hide'), does('enter')],
  ],
  numbers: [
    chars('1 2 3 4 5 6 7 8 9 0'),
    chars('@ # & _ - + ( ) / :'),
    [...chars("' , . ! ? ; * = %"), does('back')],
    [does('letters'), does('accents'), SPACE, does('hide'), does('enter')],
  ],
  accents: [
    chars('à á â ä ã å æ ç ß ł'),
    chars('è é ê ë ì í î ï ñ ń'),
    [does('shift'), ...chars('ò ó ô ö õ ø š ž'), does('back')],
    [does('letters'), ...chars('ù ú û ü ý'), SPACE, does('hide'), does('enter')],
  ],
  digits: [
    chars('1 2 3'),
    chars('4 5 6'),
    chars('7 8 9'),
    [...chars('+ 0'), does('back')],
    [does('letters'), does('hide'), does('enter')],
  ],
};

/** The layer a field begins with. */
export function layerFor(inputType: string): Layer {
  return inputType === 'tel' ? 'digits' : 'letters';
}

/** Whether what is typed into a field is words of a language, which Chinese writes with characters; codes and addresses are not. */
export function takesWords(field: string, inputType: string): boolean {
  return inputType === 'text' && field !== 'code';
}

/** Whether the next letter is a capital by itself: at the beginning, and of each word where names are typed. */
export function startsCapital(before: string, autocapitalize: string): boolean {
  if (autocapitalize === 'off' || autocapitalize === 'none') return false;
  return before === '' || (autocapitalize === 'words' && /[\s-]$/u.test(before));
}
