/**
 * Typing into a field as a keyboard does. `execCommand` is called deprecated and has no successor: it alone types at the caret of every
 * kind of input (an e-mail field tells no selection), is undone as typing is, and lets the page hear `input`.
 */

export function typeInto(input: HTMLInputElement, text: string): void {
  input.focus({ preventScroll: true });
  document.execCommand('insertText', false, text);
}

export function deleteFrom(input: HTMLInputElement): void {
  input.focus({ preventScroll: true });
  document.execCommand('delete');
}

/** What Enter does in the field: whatever the page makes of it, else its form is sent. */
export function enterIn(input: HTMLInputElement): void {
  input.focus({ preventScroll: true });
  const key = new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true });
  if (input.dispatchEvent(key)) input.form?.requestSubmit();
}

/** The text before the caret; all of it where a field does not tell. */
export function textBefore(input: HTMLInputElement): string {
  return input.value.slice(0, input.selectionStart ?? input.value.length);
}

const TYPED: ReadonlySet<string> = new Set(['text', 'tel', 'email', 'search', 'password']);

/** Whether letters can be typed there. */
export function isTyped(element: Element | null): element is HTMLInputElement {
  return element instanceof HTMLInputElement && TYPED.has(element.type) && !element.readOnly && !element.disabled;
}
