// `npm run -s vestibule -- …`: builds what is missing or stale, then runs the command line in the caller's own folder.
import { ensureBuiltOrExit } from './build.mjs';

await ensureBuiltOrExit();
if (process.env.npm_lifecycle_event && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import('../out/main/cli.js');
