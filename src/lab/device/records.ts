import { z } from 'zod';
import type { PassOrder } from '../core/platform.ts';
import type { UserObject } from './user.ts';

/** SignObject (chapter 8.3.1): the user's attributes and those of the recognition. Times are GMT seconds (chapter 5). */
export type SignObject = Partial<UserObject> & {
  id: number;
  signAvatar: string;
  signTime: number;
  type: number;
  inputType: 1 | 2 | 3;
  similarity?: number;
  deviceMark: string;
};

const whole = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);
const ordinal = (fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .default(fallback);

/** Chapter 8.3.2. `startTime` and `endTime` are said to be required and to have a default; here they are required. */
export const recordQuery = z.looseObject({
  type: z.enum(['0', '1', '2', '3', '-1']),
  userId: z.string().optional(),
  username: z.string().optional(),
  startTime: whole,
  endTime: whole,
  page: ordinal(1),
  size: ordinal(20),
});

/** Who passed one terminal. */
export class DeviceRecords {
  #all: SignObject[] = [];
  #last = 0;

  clear(): void {
    this.#all = [];
  }

  /** A stranger has no user; `type` and `userType` are -1 then. */
  add(user: UserObject | null, order: PassOrder, now: number): SignObject {
    this.#last += 1;
    const method = order.method ?? 'face';
    const record: SignObject = {
      ...(user ?? { userId: '', userType: -1, name: '' }),
      id: this.#last,
      signAvatar: user?.photo ?? '',
      signTime: Math.floor((order.at ?? now) / 1000),
      type: user?.userType ?? -1,
      inputType: method === 'face' ? 1 : method === 'code' ? 2 : 3,
      ...(method === 'face' && user ? { similarity: 93 } : {}),
      deviceMark: 'Simulated terminal',
    };
    this.#all.push(record);
    return record;
  }

  /** A page, newest first; null where nothing is found. */
  page(query: z.infer<typeof recordQuery>): object | null {
    const { type, userId, username, startTime, endTime, page, size } = query;
    const found = this.#all
      .filter(
        (record) =>
          (type === '0' || record.type === Number(type)) &&
          (!userId || userId === '0' || record.userId === userId) &&
          (!username || record.name === username) &&
          record.signTime >= startTime &&
          record.signTime <= endTime,
      )
      .sort((a, b) => b.signTime - a.signTime || b.id - a.id);
    // "1,000 indicates 1,000 pieces or more": a larger page is cut.
    const pageSize = Math.min(size, 1000);
    const data = found.slice((page - 1) * pageSize, page * pageSize);
    if (data.length === 0) return null;
    return {
      total: found.length,
      pageNum: page,
      size: data.length,
      pageSize,
      totalPage: Math.ceil(found.length / pageSize),
      data,
    };
  }
}
