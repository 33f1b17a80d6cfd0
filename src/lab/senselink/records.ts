import { createHash } from 'node:crypto';
import { z } from 'zod';
import { checkFields } from '../core/check.ts';
import { demandNoRefusal, type PassOrder } from '../core/platform.ts';
import { type Answer, failure, fieldFailure, success } from './answers.ts';
import { digits, type Form, fields, ordinal } from './form.ts';
import { companyId, encryptIdNumber, type Person, type Store, stamp } from './store.ts';
import { paged } from './structure.ts';

/** One recognition, with what chapters 6.5.1 and 6.5.2 tell of it; each in spellings of its own. */
interface Pass {
  id: number;
  person: Person | null;
  /** Seconds since the epoch. */
  signTime: number;
  /** 1 face, 2 QR code, 3 card. */
  entryMode: 1 | 2 | 3;
  picture: string;
}

/** Chapter 6.5.1: everything is optional, times are seconds and default to today. */
const query = z.object({
  startRecordId: digits.optional(),
  endRecordId: digits.optional(),
  deviceSN: z.string().default(''),
  type: z.enum(['0', '1', '2', '3']).default('0').transform(Number),
  userId: digits.default(0),
  startTime: z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .optional(),
  endTime: z
    .string()
    .regex(/^\d{1,10}$/)
    .transform(Number)
    .optional(),
  username: z.string().default(''),
  page: ordinal(1),
  size: ordinal(20),
  app_key: z.string(),
  sign: z.string(),
  timestamp: z.string(),
});

const sn = 'SKP-00000000000000000000000000000037';
const day = 86_400;

/** Who passed the simulated gate (6.5), and who is told. */
export class Records {
  readonly #store: Store;
  #all: Pass[] = [];
  #last = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  clear(): void {
    this.#all = [];
  }

  /** @throws Error when nobody has the key. */
  add(order: PassOrder): object {
    demandNoRefusal(order, 'SenseLink');
    const people = [...this.#store.people.values()];
    const person =
      order.key === undefined ? null : people.find((one) => this.#store.asLabPerson(one).key === order.key);
    if (person === undefined) throw new Error(`Nobody in this SenseLink has the key ${order.key}.`);
    this.#last += 1;
    const method = order.method ?? 'face';
    const pass: Pass = {
      id: this.#last,
      person,
      signTime: Math.floor((order.at ?? this.#store.now()) / 1000),
      entryMode: method === 'face' ? 1 : method === 'code' ? 2 : 3,
      picture: this.#store.avatarId(),
    };
    this.#all.push(pass);
    return { code: 30000, data: this.#pushed(pass), desc: '', message: 'push record' };
  }

  /** Chapter 6.5.2 as its sample prints it; the job number of its table is missing there, so it is missing here. */
  #pushed({ id, person, signTime, entryMode, picture }: Pass): object {
    return {
      companyId,
      deviceName: this.#store.device.name,
      deviceSN: sn,
      direction: this.#store.device.direction,
      groupId: 0,
      groupName: '',
      id,
      originAvatar: person?.avatar?.id ?? '',
      receptionUserId: person?.receptionUserId ?? 0,
      receptionUserName: '',
      signAvatar: picture,
      signBgAvatar: picture,
      signTime,
      userId: person?.id ?? 0,
      userName: person?.fields.name ?? '',
      userType: person?.type ?? 3,
      verifyScore: person && entryMode === 1 ? 0.93 : 0,
      entryMode,
    };
  }

  #listed({ id, person, signTime, entryMode, picture }: Pass): object {
    const known = person?.fields ?? {};
    return {
      id,
      userId: person?.id ?? 0,
      name: known.name ?? '',
      avatar: person?.avatar?.id ?? null,
      icNumber: known.icNumber ?? null,
      idNumber: person ? encryptIdNumber(known.idNumber ?? '') : null,
      jobNumber: known.jobNumber ?? null,
      receptionUserId: person?.receptionUserId ?? null,
      receptionUserName: person ? '' : null,
      groupId: 0,
      groupName: person ? null : '',
      groups: person ? this.#store.groupBriefs(person.groups) : null,
      sn,
      deviceName: person ? this.#store.device.name : null,
      direction: person ? this.#store.device.direction : null,
      signAvatar: picture,
      signBgAvatar: picture,
      signDate: stamp(signTime * 1000).slice(0, 10),
      signTime,
      type: person?.type ?? 3,
      mobile: known.mobile ?? null,
      remark: known.remark ?? null,
      entryMode,
    };
  }

  list(form: Form): Answer {
    const checked = checkFields(query, fields(form));
    if (!checked.ok) return fieldFailure(checked);
    const asked = checked.value;
    const now = Math.floor(this.#store.now() / 1000);
    const from = asked.startTime ?? now - (now % day);
    const to = asked.endTime ?? from + day - 1;
    if (to < from) return failure(30001, 'endTime');
    const found = this.#all
      .filter(
        ({ id, person, signTime }) =>
          signTime >= from &&
          signTime <= to &&
          (asked.type === 0 || asked.type === (person?.type ?? 3)) &&
          (asked.userId === 0 || asked.userId === person?.id) &&
          (asked.deviceSN === '' || asked.deviceSN === sn) &&
          (asked.username === '' || asked.username === person?.fields.name) &&
          (asked.startRecordId === undefined || id >= asked.startRecordId) &&
          (asked.endRecordId === undefined || id <= asked.endRecordId),
      )
      .sort((a, b) => b.signTime - a.signTime || b.id - a.id);
    return success(
      paged(
        found.map((pass) => this.#listed(pass)),
        asked,
      ),
    );
  }
}

/** Judges `/websocket/record/{app_key}/{timestamp}/{sign}`; null where the path is another. */
export function pushPath(url: string): { app_key: string; timestamp: string; sign: string } | null {
  const [, app_key, timestamp, sign] = /^\/websocket\/record\/([^/?]+)\/(\d{1,15})\/([0-9a-f]{32})$/.exec(url) ?? [];
  return app_key && timestamp && sign ? { app_key: decodeURIComponent(app_key), timestamp, sign } : null;
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
