// `npm start`: builds what is missing or stale, then opens the station (Electron, else Chromium, else an address).
import { ensureBuiltOrExit } from './build.mjs';

await ensureBuiltOrExit();
if (process.env.npm_lifecycle_event && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
process.argv.splice(2, 0, 'start');
await import('../out/main/cli.js');
