import { z } from 'zod';
import { bareBase64, inspectPicture } from '../core/picture.ts';
import type { LabPerson } from '../core/platform.ts';
import { shelve } from '../core/shelf.ts';

const text = (max: number) => z.string().max(max);
/** Timestamps are GMT seconds (chapter 5); a value in milliseconds does not fit the terminal's 32 bits. */
const seconds = z.int().min(0).max(0xffff_ffff);

/** UserObject (chapter 8.2.1). Photo and uniqueness are judged apart. */
export const userObject = z.object({
  userId: text(16).min(1),
  userType: z.literal([1, 2, 3, -1]),
  photo: z.string().optional(),
  icNumber: text(40),
  jobNumber: text(40),
  mobile: text(20),
  name: text(30).min(1),
  remark: text(255),
  department: text(80).optional(),
  birthday: seconds.optional(),
  entryTime: seconds.optional(),
  mail: text(40).optional(),
  title: text(40).optional(),
  position: text(100).optional(),
  idNumber: text(40).optional(),
  // The table names 1 and 2; the document's own samples send 0.
  gender: z.literal([0, 1, 2]).optional(),
  prompt: text(100).optional(),
  startTime: seconds.optional(),
  endTime: seconds.optional(),
  purpose: text(40).optional(),
  interviewee: text(80).optional(),
  comeFrom: text(200).optional(),
  description: text(80).optional(),
});

export type UserObject = z.infer<typeof userObject>;

/** What the terminal makes of a photo: its error code, or 200. */
export async function judgePhoto(photo: string): Promise<200 | 30002 | 30004> {
  const bytes = bareBase64(photo);
  const picture = bytes && (await inspectPicture(bytes));
  if (picture?.format !== 'jpeg') return 30004;
  // No face detection here: a middle without any detail holds no face for certain.
  return picture.centreDeviation < 8 ? 30002 : 200;
}

/** A user in the words of the lab's page. */
export function asLabPerson(user: UserObject): LabPerson {
  const { userId, name, userType } = user;
  return {
    key: userId,
    id: userId,
    kind: userType === 1 ? 'staff' : userType === 2 ? 'visitor' : 'other',
    name,
    get photo() {
      return user.photo ? Buffer.from(user.photo, 'base64') : null;
    },
    // Whoever is on a terminal and not on its blacklist may pass it.
    access: userType === 1 || userType === 2 ? ['This terminal'] : [],
    details: Object.fromEntries(
      // By their names: looking at the picture would fetch it.
      (Object.keys(user) as (keyof UserObject)[])
        .filter((key) => key !== 'photo' && key !== 'userId' && key !== 'name' && user[key] !== undefined)
        .map((key) => [key, String(user[key])]),
    ),
  };
}

/** The same user with the picture put away. */
export function shelved(user: UserObject): UserObject {
  const { photo, ...rest } = user;
  if (!photo) return user;
  const file = shelve(Buffer.from(photo, 'base64'));
  return {
    ...rest,
    get photo() {
      return file.bytes.toString('base64');
    },
  };
}
