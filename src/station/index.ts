/** The station: the application without a shell. Shells and the command line compose it; none of them is known here. */
export * from './api.ts';
export { testConfiguredPlatforms } from './care.ts';
export { EMPTY_CONFIG, loadConfig, readConfigFile } from './config.ts';
export { defaultSettings, settingsFile } from './settings.ts';
export { openStation } from './station.ts';
export { readStoredConfig } from './stored-config.ts';
export { keyFile } from './vault/key.ts';
