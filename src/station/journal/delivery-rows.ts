import { z } from 'zod';
import {
  type Delivery,
  type DeliveryState,
  type DoorState,
  deliverySchema,
  questionSchema,
  stepSchema,
} from '#shared/delivery';
import { type Fault, faultSchema } from '#shared/fault';
import { openJson, type Sealer } from '../vault/seal.ts';
import { blob, integer, integerOrNull, type Row, type Sql, text, textOrNull } from './sql.ts';

/** What a platform told about a person; sealed, for ids and candidates can be somebody's code or name. */
const told = z.object({
  personId: z.string().nullable(),
  warnings: z.array(z.string()),
  question: questionSchema.nullable(),
  doorDetail: z.string().nullable().default(null),
});
export type Told = z.infer<typeof told>;

/** A delivery as the journal has it: the view of it and what only the outbox needs. */
export interface DeliveryRecord extends Omit<Delivery, 'steps' | 'urgency' | 'door' | 'doorDetail' | 'nextCheckAt'> {
  person: string;
  onExisting: 'update' | 'stop';
  onSimilar: 'ask' | 'force' | 'stop';
  /** Transient failures in a row. */
  streak: number;
  urgency: 'desk' | 'batch';
  door: DoorState | null;
  doorDetail: string | null;
  /** When the platform took it, ms since the epoch. */
  deliveredAt: number | null;
  nextCheckAt: number | null;
  /** Looks since it was delivered. */
  checks: number;
}

/** What an attempt, an answer or a look changed. Absent fields stay. */
export interface DeliveryPatch {
  state: Exclude<DeliveryState, 'running'>;
  error: Fault | null;
  nextAttemptAt?: number | null;
  streak?: number;
  personId?: string | null;
  warnings?: string[];
  question?: Delivery['question'];
  onExisting?: 'update' | 'stop';
  onSimilar?: 'ask' | 'force' | 'stop';
  door?: DoorState | null;
  doorDetail?: string | null;
  nextCheckAt?: number | null;
}

/** Code of a step whose answer never came, and of one that a crash cut off: the platform may have acted all the same. */
export const UNHEARD = 'unheard';
export const INTERRUPTED = 'interrupted';

/** Where what was told is sealed: a row's secrets do not open in another's. */
export const place = (delivery: string) => `delivery:${delivery}`;

export type Reader = ReturnType<typeof createReader>;

/** Reads rows of the queue: as the outbox needs them, and as screens do, with their steps. */
export function createReader(sql: Sql, sealer: Sealer) {
  const record = (row: Row): DeliveryRecord => {
    const id = text(row, 'id');
    const error = textOrNull(row, 'error');
    return {
      id,
      enrolment: text(row, 'enrolment'),
      person: text(row, 'person'),
      platform: text(row, 'platform'),
      state: deliverySchema.shape.state.parse(row.state),
      attempts: integer(row, 'attempts'),
      streak: integer(row, 'streak'),
      error: error === null ? null : faultSchema.parse(JSON.parse(error)),
      nextAttemptAt: integerOrNull(row, 'next_attempt_at'),
      updatedAt: integer(row, 'updated_at'),
      onExisting: z.enum(['update', 'stop']).parse(row.on_existing),
      onSimilar: z.enum(['ask', 'force', 'stop']).parse(row.on_similar),
      urgency: z.enum(['desk', 'batch']).parse(row.urgency),
      door: deliverySchema.shape.door.parse(row.door) ?? null,
      deliveredAt: integerOrNull(row, 'delivered_at'),
      nextCheckAt: integerOrNull(row, 'next_check_at'),
      checks: integer(row, 'checks'),
      ...told.parse(openJson(sealer, blob(row, 'sealed'), place(id))),
    };
  };

  const view = (row: Row): Delivery => {
    const {
      person: _person,
      onExisting: _existing,
      onSimilar: _similar,
      streak: _streak,
      deliveredAt: _deliveredAt,
      checks: _checks,
      ...rest
    } = record(row);
    const steps = sql
      .all('SELECT name, started_at, ended_at, outcome, code FROM steps WHERE delivery = ? ORDER BY id', rest.id)
      .map((step) => ({
        name: text(step, 'name'),
        startedAt: integer(step, 'started_at'),
        endedAt: integerOrNull(step, 'ended_at'),
        outcome: stepSchema.shape.outcome.parse(step.outcome),
        code: textOrNull(step, 'code'),
      }));
    return { ...rest, steps };
  };

  return { record, view };
}
