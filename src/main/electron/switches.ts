import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Switches {
  /** Absolute path of the configuration, or null. */
  config: string | null;
  /** Absolute path of the data folder, or null for Electron's own. */
  data: string | null;
  lab: boolean;
  /** Takes every operator away: for whoever owns the files, since the command line cannot ask this system's key ring. */
  clearOperators: boolean;
  /** Full screen and for visitors from the first. */
  kiosk: boolean;
}

/**
 * The command line of the Electron shell: `--config FILE`, `--data DIR`, `--lab`, `--kiosk`, `--clear-operators`. Without a configuration
 * the lab is the default, so that a first start shows something. What else stands there belongs to Chromium and is left alone.
 *
 * @throws Error with one plain sentence when a value is missing
 */
export function readSwitches(args: readonly string[], cwd: string): Switches {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      data: { type: 'string' },
      lab: { type: 'boolean' },
      'clear-operators': { type: 'boolean' },
      kiosk: { type: 'boolean' },
    },
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option' || (token.name !== 'config' && token.name !== 'data')) continue;
    if (!token.value || (!token.inlineValue && token.value.startsWith('-'))) {
      throw new Error(`--${token.name} wants a ${token.name === 'config' ? 'file' : 'folder'}`);
    }
  }
  const path = (value: unknown) => (typeof value === 'string' ? resolve(cwd, value) : null);
  const config = path(values.config);
  return {
    config,
    data: path(values.data),
    lab: values.lab === true || config === null,
    clearOperators: values['clear-operators'] === true,
    kiosk: values.kiosk === true,
  };
}
