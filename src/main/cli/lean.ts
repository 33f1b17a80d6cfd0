/** Commands that handle pictures by the thousand and leave no one waiting at a screen. */
const HUNGRY: ReadonlySet<string> = new Set(['import', 'lab']);
const ARENAS = 'MALLOC_ARENA_MAX';

/** Pictures this large are given back at once: left to itself glibc keeps ever larger ones, up to 32 MB (mallopt(3), M_MMAP_THRESHOLD). */
const LARGE = { MALLOC_MMAP_THRESHOLD_: '131072' };

/**
 * What V8 lets pile up of what is new before it looks: with its own 16 MB (three times that in all) pictures nobody needs any more wait there
 * by the dozen. Worker threads are told by the pool.
 */
const YOUNG = '--max-semi-space-size=2';

/** The parts of `process` that are asked. */
type Started = Pick<NodeJS.Process, 'platform' | 'argv' | 'env'> & { execve?: unknown };

/**
 * Whether a command is to begin once more, leaner (pure). glibc gives threads up to eight arenas a core, and what pictures leave behind in each
 * is memory nobody gets back; it reads its variable before any of our code runs. Somebody who set the variable has decided already.
 */
export function wantsToBeLean({ platform, argv, env, execve }: Started): boolean {
  return platform === 'linux' && HUNGRY.has(argv[2] ?? '') && env[ARENAS] === undefined && typeof execve === 'function';
}

/** Begins this process anew, the same but for these settings; returns where that is not to be. */
export function becomeLean(): void {
  if (!wantsToBeLean(process)) return;
  process.execve?.(process.execPath, [process.execPath, YOUNG, ...process.execArgv, ...process.argv.slice(1)], {
    ...LARGE,
    ...process.env,
    [ARENAS]: '2',
  });
}
