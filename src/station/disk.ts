import { FaultError } from '#shared/fault';

/** SQLite's primary result codes for a disk that does not take what is written: read-only, I/O error, full, cannot open. */
const SQLITE_DISK: ReadonlySet<number> = new Set([8, 10, 13, 14]);
const SYSTEM_DISK: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG', 'EIO', 'EACCES', 'EPERM']);

/** Whether an error says that the disk is full, read-only or broken. */
function isDiskError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('errcode' in error && typeof error.errcode === 'number') return SQLITE_DISK.has(error.errcode & 0xff);
  return 'code' in error && typeof error.code === 'string' && SYSTEM_DISK.has(error.code);
}

/** The error as FaultError `capacity`, code `disk`, when a disk did not take what was written; else itself. */
export function unwritten(error: unknown): unknown {
  if (!isDiskError(error)) return error;
  const message = 'this could not be written down, so nothing was changed: is the disk full or the folder read-only?';
  return new FaultError({ kind: 'capacity', code: 'disk', message }, { cause: error });
}

/** Runs something that writes; a disk that does not take it becomes FaultError `capacity`, code `disk`. */
export function writing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unwritten(error);
  }
}
