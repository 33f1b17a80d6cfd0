import type { Messages } from '@lingui/core';

type Compiled = Exclude<Messages[string], string>;

/** A branch of the texts: its name, then its keys and branches in their order. */
export type KeyTree = [name: string, ...inner: (string | KeyTree)[]];
/** A language's texts in the order of the keys; what fills nothing in stands as itself. */
export type CompiledTexts = (string | Compiled)[];

function* keysOf([, ...inner]: KeyTree, before: string): Generator<string> {
  for (const one of inner) {
    if (typeof one === 'string') yield before + one;
    else yield* keysOf(one, before === '' ? `${one[0]}:` : `${before}${one[0]}.`);
  }
}

/** Texts by their keys (`namespace:branch.key`): they are sent without, for every language has the same. */
export function catalogOf(tree: KeyTree, texts: CompiledTexts): Messages {
  const messages: Messages = {};
  let at = 0;
  for (const key of keysOf(tree, '')) {
    const text = texts[at++] ?? key;
    messages[key] = typeof text === 'string' ? [text] : text;
  }
  return messages;
}
