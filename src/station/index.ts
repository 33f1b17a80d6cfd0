/** The station: the application without a shell. Shells and the command line compose it; none of them is known here. */
export * from './api.ts';
export { testConfiguredPlatforms } from './care.ts';
export { assess, type Checker, checkPicture, type Judge, pictureFault } from './check.ts';
export { EMPTY_CONFIG, loadConfig, readConfigFile } from './config.ts';
export { resolveTargets } from './people.ts';
export { confSettings, defaultSettings, keepDamagedAside, settingsFile } from './settings.ts';
export { openStation } from './station.ts';
export { readStoredConfig } from './stored-config.ts';
export { keyFile } from './vault/key.ts';
