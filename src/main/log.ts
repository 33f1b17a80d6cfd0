import { renameSync, statSync } from 'node:fs';
import { type DestinationStream, type Logger, levels, pino } from 'pino';
import { errorFacts } from '#station/log';

/** Level of the log: trace, debug, info, warn, error, fatal or silent. */
const LEVEL = 'VESTIBULE_LOG';
/** A log file larger than this is set aside when the station starts; the one before it is dropped. */
const FILE_LIMIT = 5 * 1024 * 1024;

export interface LogOptions {
  env: NodeJS.ProcessEnv;
  /** When the environment says nothing. */
  level: string;
  /** A file's path (its folder is made when missing), or a stream. Default: stderr. */
  to?: string | DestinationStream;
}

/**
 * The station's log, one JSON object a line. What it is given are ids and kinds; should an error or a record slip in all the same, its
 * message and its telling fields stay out.
 */
export function createLog({ env, level, to = pino.destination({ dest: 2, sync: true }) }: LogOptions): Logger {
  const asked = env[LEVEL]?.toLowerCase();
  const known = asked !== undefined && (asked === 'silent' || Object.hasOwn(levels.values, asked));
  const log = pino(
    {
      level: known ? asked : level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorFacts },
      redact: { paths: TELLING.flatMap((name) => [name, `*.${name}`]), censor: '[withheld]' },
    },
    typeof to === 'string' ? openFile(to) : to,
  );
  if (asked && !known) log.warn({ asked }, `${LEVEL} is no level of a log; using ${level}`);
  return log;
}

const TELLING = [
  'name',
  'person',
  'photo',
  'phone',
  'email',
  'idNumber',
  'appSecret',
  'secretKey',
  'password',
  'token',
  'cookie',
];

function openFile(path: string): DestinationStream {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > FILE_LIMIT) renameSync(path, `${path}.old`);
  return pino.destination({ dest: path, mkdir: true, sync: true, mode: 0o600 });
}
