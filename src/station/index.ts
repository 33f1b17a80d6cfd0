/** The station: the application without a shell. Shells and the command line compose it; none of them is known here. */
export * from './api.ts';
export { auditCsv } from './audit-csv.ts';
export { testConfiguredPlatforms } from './care.ts';
export { EMPTY_CONFIG, loadConfig, readConfigFile } from './config.ts';
export { hasJournal } from './journal/database.ts';
export { type RepairReport, repairJournal } from './journal/repair.ts';
export { defaultSettings, settingsFile } from './settings.ts';
export { openStation } from './station.ts';
export { readStoredConfig } from './stored-config.ts';
export { keyFile, loadKeys } from './vault/key.ts';
export { rotateKey } from './vault/rotate.ts';
