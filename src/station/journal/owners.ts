import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { integer, type Row, type Sql, text, textOrNull } from './sql.ts';

/** A process at work on the journal. */
export interface Owner {
  id: string;
  pid: number;
  host: string;
  /** When the process started, in the system's own words; null where it does not tell. Tells a process from a later one with its number. */
  started: string | null;
  /** Last sign of life, ms since the epoch. */
  seenAt: number;
}

/** After so long without a sign of life an owner counts as dead where the system cannot say. */
export const LEASE_MS = 60_000;
export const HEARTBEAT_MS = 5_000;

export type Liveness = 'alive' | 'dead' | 'unknown';

/** Field 22 of /proc/PID/stat (proc(5)): start time in clock ticks since boot. The name in field 2 may hold blanks and brackets. */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return (
      stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .at(19) ?? null
    );
  } catch {
    return null;
  }
}

/** Asks the system about a process on this machine. */
export function probe(pid: number, started: string | null): Liveness {
  try {
    process.kill(pid, 0);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return 'dead';
    // EPERM: it lives, under another account.
  }
  if (started === null) return 'unknown';
  const now = processStart(pid);
  if (now === null) return 'unknown';
  return now === started ? 'alive' : 'dead';
}

/**
 * Whether an owner is gone for good, so that its deliveries may be taken up. A process the system still knows is never robbed,
 * however long it has been silent: it may be paused in the middle of a request.
 */
export function isDead(owner: Owner, here: string, now: number, ask: typeof probe = probe): boolean {
  const liveness = owner.host === here ? ask(owner.pid, owner.started) : 'unknown';
  if (liveness === 'unknown') return now - owner.seenAt > LEASE_MS;
  return liveness === 'dead';
}

function ownerOf(row: Row): Owner {
  return {
    id: text(row, 'id'),
    pid: integer(row, 'pid'),
    host: text(row, 'host'),
    started: textOrNull(row, 'started'),
    seenAt: integer(row, 'seen_at'),
  };
}

export type Owners = ReturnType<typeof createOwners>;

/** The processes that share the journal. */
export function createOwners(sql: Sql) {
  const here = hostname();
  const others = (than: string): Owner[] => sql.all('SELECT * FROM owners WHERE id <> ?', than).map(ownerOf);
  return {
    /** Enters this process; the id its claims carry. */
    enter(now: number): string {
      const id = randomUUID();
      sql.run(
        'INSERT INTO owners (id, pid, host, started, seen_at) VALUES (?, ?, ?, ?, ?)',
        id,
        process.pid,
        here,
        processStart(process.pid),
        now,
      );
      return id;
    },
    beat(id: string, now: number): void {
      sql.run('UPDATE owners SET seen_at = ? WHERE id = ?', now, id);
    },
    /** Owners that are gone, this one excepted. */
    dead: (except: string, now: number): string[] =>
      others(except)
        .filter((owner) => isDead(owner, here, now))
        .map(({ id }) => id),
    /** Whether another process than this owner's is at work here. */
    hasCompany: (except: string, now: number): boolean => others(except).some((owner) => !isDead(owner, here, now)),
    /** An owner that is not gone; null when it is. */
    living(id: string, now: number): Owner | null {
      const found = sql.get('SELECT * FROM owners WHERE id = ?', id);
      const owner = found === undefined ? null : ownerOf(found);
      return owner === null || isDead(owner, here, now) ? null : owner;
    },
    isHere: (id: string): boolean => sql.get('SELECT 1 FROM owners WHERE id = ?', id) !== undefined,
    /** Its deliveries must have been released. */
    leave(id: string): void {
      sql.run('DELETE FROM owners WHERE id = ?', id);
    },
  };
}
