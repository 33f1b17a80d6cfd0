import type { SharedPace } from '#platforms/contract';
import { integer, integerOrNull, type Sql } from './sql.ts';

/**
 * Requests of all processes of this data folder, for accounts whose platform counts them. What is counted is written before the request
 * goes out, so that a process started in the same second sees it.
 */
export function createPace(sql: Sql, now: () => number): SharedPace {
  return {
    take: (account, { limit, windowMs, holdMs }) =>
      sql.transaction(() => {
        const at = now();
        // A clock that was set back must not lock the door until it has caught up.
        sql.run(
          `UPDATE pace SET started_at = min(started_at, ?1), ended_at = min(ended_at, ?1)
           WHERE account = ?2 AND (started_at > ?1 OR ended_at > ?1)`,
          at,
          account,
        );
        const taken = sql.all('SELECT id, started_at, ended_at FROM pace WHERE account = ?', account).map((row) => ({
          id: integer(row, 'id'),
          free: (integerOrNull(row, 'ended_at') ?? integer(row, 'started_at') + holdMs) + windowMs,
        }));
        const held = taken.filter(({ free }) => free > at);
        if (held.length < taken.length)
          for (const { id, free } of taken) if (free <= at) sql.run('DELETE FROM pace WHERE id = ?', id);
        if (held.length >= limit) return { waitMs: Math.max(1, Math.min(...held.map(({ free }) => free)) - at) };
        const row = sql.get('INSERT INTO pace (account, started_at) VALUES (?, ?) RETURNING id', account, at);
        return { place: row === undefined ? 0 : integer(row, 'id') };
      }),
    answered(place) {
      sql.run('UPDATE pace SET ended_at = ? WHERE id = ?', now(), place);
    },
  };
}
