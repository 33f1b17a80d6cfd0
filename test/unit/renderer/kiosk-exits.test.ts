import { describe, expect, it } from 'vitest';
import { leadsOut } from '../../../src/renderer/lib/kiosk-exits.ts';

/** A key as it is written: `Ctrl+Shift+i`. */
function press(written: string): Parameters<typeof leadsOut>[0] {
  const parts = written.split('+');
  const key = parts.pop() ?? '';
  const has = (name: string) => parts.includes(name);
  return { key, ctrlKey: has('Ctrl'), metaKey: has('Meta'), altKey: has('Alt'), altGraph: has('AltGraph') };
}

describe('at a kiosk', () => {
  it.each([
    ...['F1', 'F5', 'F11', 'F12', 'ContextMenu', 'BrowserBack', 'BrowserHome', 'LaunchMail', 'Print'],
    ...['Ctrl+k', 'Ctrl+i', 'Ctrl+r', 'Ctrl+Shift+I', 'Ctrl+Shift+J', 'Ctrl+u', 'Ctrl+p', 'Ctrl+s', 'Ctrl+o', 'Ctrl+j'],
    ...['Ctrl+f', 'Ctrl+l', 'Ctrl+w', 'Ctrl+n', 'Ctrl+t', 'Ctrl+0', 'Ctrl+-', 'Meta+q', 'Meta+Alt+i', 'Ctrl+Alt+t'],
    ...['Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+Home', 'Alt+F4', 'Alt+d', 'Ctrl+Tab'],
  ])('%s leads nowhere', (written) => {
    expect(leadsOut(press(written))).toBe(true);
  });

  it.each([
    ...[
      'a',
      'Z',
      'é',
      '王',
      '@',
      ' ',
      'Enter',
      'Tab',
      'Escape',
      'Backspace',
      'ArrowLeft',
      'PageDown',
      'Process',
      'Dead',
    ],
    ...['Ctrl+a', 'Ctrl+c', 'Ctrl+V', 'Ctrl+z', 'Meta+x', 'Ctrl+ArrowLeft', 'Ctrl+Backspace', 'Shift', 'Ctrl+Control'],
    ...['Ctrl+Alt+AltGraph+@', 'AltGraph+€', 'Alt+å', 'Alt+Dead'],
  ])('%s is typed', (written) => {
    expect(leadsOut(press(written))).toBe(false);
  });
});
