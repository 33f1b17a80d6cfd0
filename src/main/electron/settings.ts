import { ipcMain } from 'electron';
import ElectronStore from 'electron-store';
import { type SettingsStore, settingsFile } from '#station/index';

/** The channel on which electron-store tells any page where its file lies. */
const PATH_CHANNEL = 'electron-store-get-data';

/**
 * The settings of a data folder through electron-store. Its listener for renderers is taken away again: settings cross the contract
 * alone, where the sender and the arguments are checked.
 */
export function electronSettings(dataDir: string): SettingsStore {
  const settings = settingsFile(dataDir, (cwd, name) => new ElectronStore<Record<string, unknown>>({ cwd, name }));
  ipcMain.removeAllListeners(PATH_CHANNEL);
  return settings;
}
