import { z } from 'zod';
import { checkFields } from '../core/check.ts';
import { hashDistance, inspectPicture } from '../core/picture.ts';
import { shelve } from '../core/shelf.ts';
import { type Answer, failure, fieldFailure, success } from './answers.ts';
import { dateTime, digits, type Form, fields, idList, text } from './form.ts';
import { showsNothing } from './quality.ts';
import { type Avatar, companyId, encryptIdNumber, type Person, type Store, stamp } from './store.ts';

const force = z.enum(['0', '1']).default('0');

/** Chapter 6.3.1. `groups` may be left out: "the default depends on type". */
const addUser = z.object({
  force,
  groups: idList.optional(),
  icNumber: text(45),
  jobNumber: text(45),
  mobile: text(20),
  name: text(45, 1),
  remark: text(255),
  departmentId: digits.optional(),
  areaCode: text(45).optional(),
  birthday: text(45).optional(),
  entryTime: text(45).optional(),
  mail: text(45).optional(),
  position: text(45).optional(),
  location: text(45).optional(),
  idNumber: text(45).optional(),
  gender: z.enum(['1', '2']).optional(),
});

/** Chapter 6.3.2: other spellings than on adding, `idNumber` required, no gender. */
const updateUser = z.object({
  force,
  groups: idList.default([]),
  icNumber: text(45),
  idNumber: text(45),
  jobNumber: text(45),
  mobile: text(20),
  name: text(45, 1),
  remark: text(255),
  department_id: digits.optional(),
  area_code: text(45).optional(),
  entry_time: text(45).optional(),
  birthday: text(45).optional(),
  mail: text(45).optional(),
  position: text(45).optional(),
  location: text(45).optional(),
});

/** Chapters 6.3.4 and 6.3.5. */
const guest = z.object({
  force,
  groups: idList.optional(),
  name: text(45, 1),
  mobile: text(20, 1),
  remark: text(255),
  idNumber: text(45),
  receptionUserId: digits,
  dateTimeFrom: dateTime,
  dateTimeTo: dateTime,
});

const similarDistance = 4;

/** The people chapters of the document (6.3). */
export function peopleHandlers(store: Store) {
  /** Two pictures count as one face when they are the very same picture; the lab knows no faces. */
  function similar(avatar: Avatar, except: number | null): Answer | null {
    if (store.meets('similar'))
      return {
        ...failure(30002, 'ex.similar-user'),
        data: {
          similar_user_id: 1,
          similar_user_name: 'Somebody Similar',
          similar_user_avatar: store.avatarId(),
          can_force: 1,
        },
      };
    for (const other of store.people.values()) {
      if (other.id === except || !other.avatar) continue;
      if (hashDistance(avatar.picture.dHash, other.avatar.picture.dHash) > similarDistance) continue;
      return {
        ...failure(30002, 'ex.similar-user'),
        data: {
          similar_user_id: other.id,
          similar_user_name: other.fields.name,
          similar_user_avatar: other.avatar.id,
          can_force: 1,
        },
      };
    }
    return null;
  }

  async function readAvatar(form: Form): Promise<Avatar | Answer | null> {
    const file = form.files.get('avatarFile');
    if (!file) return form.values.has('avatarFile') ? failure(30005) : null;
    const picture = file.mimetype === 'image/jpeg' ? await inspectPicture(file.bytes) : null;
    if (picture?.format !== 'jpeg') return failure(30005);
    if (showsNothing(picture)) return failure(30003, 'rpc.no-face-detect');
    return { id: store.avatarId(), file: shelve(file.bytes), picture };
  }
  /** A server that loses a picture says 200 all the same; the person is listed without one. */
  const kept = (avatar: Avatar): Avatar | null => (store.meets('photo-lost') ? null : avatar);
  const isAnswer = (value: Avatar | Answer | null): value is Answer => value !== null && 'code' in value;

  function wrongGroup(groups: number[], type: number): Answer | null {
    for (const id of groups) {
      const group = store.groups.get(id);
      if (!group) return failure(620, 'groups');
      if (group.type !== type) return failure(30001, 'groups');
    }
    return null;
  }

  const wrongDepartment = (id: number | undefined) =>
    id === undefined || id === 0 || store.departments.has(id) ? null : failure(620, 'departmentId');

  function staff(id: string | undefined): Person | null {
    const person = id && /^\d+$/.test(id) ? store.people.get(Number(id)) : undefined;
    return person?.type === 1 ? person : null;
  }

  function visitor(id: string | undefined): Person | null {
    const person = id && /^\d+$/.test(id) ? store.people.get(Number(id)) : undefined;
    return person?.type === 2 ? person : null;
  }

  /** A person as chapters 6.3.1, 6.3.2 and 6.3.7 print it. */
  function describe(person: Person, withGroups: boolean, suffix = '') {
    const { fields: known } = person;
    return {
      id: person.id,
      name: known.name,
      avatar: person.avatar?.id ?? null,
      mobile: known.mobile,
      remark: known.remark,
      type: person.type,
      birthday: known.birthday ?? '',
      mail: known.mail ?? null,
      position: known.position ?? null,
      location: known.location ?? null,
      ...(withGroups ? { groupList: store.groupBriefs(person.groups) } : {}),
      gender: known.gender ? Number(known.gender) : null,
      ic_number: known.icNumber ?? '',
      id_number: encryptIdNumber(known.idNumber ?? ''),
      job_number: known.jobNumber ?? '',
      company_id: companyId,
      create_at: stamp(person.created, suffix),
      update_at: stamp(person.updated, suffix),
      department_id: person.departmentId,
      area_code: known.areaCode ?? null,
      entry_time: known.entryTime ?? null,
      country_code: null,
      place_code: null,
      staff_type: 0,
    };
  }

  /** A guest as chapters 6.3.4 and 6.3.5 print it. */
  function describeGuest(person: Person) {
    const { fields: known } = person;
    return {
      id: person.id,
      name: known.name,
      avatar: person.avatar?.id ?? null,
      mobile: known.mobile,
      remark: known.remark,
      groups: store.groupBriefs(person.groups),
      ic_number: '',
      id_number: encryptIdNumber(known.idNumber ?? ''),
      company_id: companyId,
      reception_user_id: person.receptionUserId,
      reception_user_name: store.people.get(person.receptionUserId)?.fields.name ?? null,
      group_count: person.groups.length,
      date_time: `${known.dateTimeFrom}.0`,
      date_time_from: `${known.dateTimeFrom}.0`,
      date_time_to: `${known.dateTimeTo}.0`,
      create_at: stamp(person.created, '.0'),
      update_at: stamp(person.updated, '.0'),
    };
  }

  async function saveGuest(form: Form, known: Person | null): Promise<Answer> {
    const checked = checkFields(guest, fields(form));
    if (!checked.ok) return fieldFailure(checked);
    const { force: forced, groups: asked, receptionUserId, ...rest } = checked.value;
    // Adding falls back on the default group; an update that leaves groups out empties them.
    const groups = asked ?? (known ? [] : [2]);
    const refused = wrongGroup(groups, 2);
    if (refused) return refused;
    if (receptionUserId !== 0 && !staff(String(receptionUserId))) return failure(620, 'receptionUserId');
    if (rest.dateTimeTo <= rest.dateTimeFrom) return failure(30001, 'dateTimeTo');
    const avatar = await readAvatar(form);
    if (avatar === null) return failure(30004, 'avatarFile');
    if (isAnswer(avatar)) return avatar;
    const same = forced === '1' ? null : similar(avatar, known?.id ?? null);
    if (same) return same;
    const now = store.now();
    const id = known?.id ?? store.nextPersonId();
    const created = known?.created ?? now;
    const saved: Person = {
      id,
      type: 2,
      fields: rest,
      departmentId: null,
      receptionUserId,
      groups,
      avatar: kept(avatar),
      created,
      updated: now,
    };
    store.people.set(id, saved);
    return success(describeGuest(saved));
  }

  return {
    async addUser(form: Form): Promise<Answer> {
      const checked = checkFields(addUser, fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const { force: forced, groups = [1], departmentId, ...rest } = checked.value;
      const refused = wrongGroup(groups, 1) ?? wrongDepartment(departmentId);
      if (refused) return refused;
      const avatar = await readAvatar(form);
      if (isAnswer(avatar)) return avatar;
      const same = avatar && forced !== '1' ? similar(avatar, null) : null;
      if (same) return same;
      const now = store.now();
      const person: Person = {
        id: store.nextPersonId(),
        type: 1,
        fields: defined(rest),
        departmentId: departmentId ?? 0,
        receptionUserId: 0,
        groups,
        avatar: avatar && kept(avatar),
        created: now,
        updated: now,
      };
      store.people.set(person.id, person);
      return success(describe(person, true));
    },

    async updateUser(form: Form, id: string | undefined): Promise<Answer> {
      const person = staff(id);
      if (!person) return failure(620, 'id');
      const checked = checkFields(updateUser, fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const { force: forced, groups, department_id, area_code, entry_time, ...rest } = checked.value;
      const refused = wrongGroup(groups, 1) ?? wrongDepartment(department_id);
      if (refused) return refused;
      const avatar = await readAvatar(form);
      if (isAnswer(avatar)) return avatar;
      const same = avatar && forced !== '1' ? similar(avatar, person.id) : null;
      if (same) return same;
      person.fields = {
        ...person.fields,
        ...defined({ ...rest, areaCode: area_code, entryTime: entry_time }),
      };
      person.departmentId = department_id ?? person.departmentId;
      person.groups = groups;
      if (avatar) person.avatar = kept(avatar);
      person.updated = store.now();
      return success(describe(person, true));
    },

    deleteUser: (id: string | undefined): Answer => remove(staff(id)),
    addGuest: (form: Form): Promise<Answer> => saveGuest(form, null),
    async updateGuest(form: Form, id: string | undefined): Promise<Answer> {
      const known = visitor(id);
      return known ? saveGuest(form, known) : failure(620, 'id');
    },
    deleteGuest: (id: string | undefined): Answer => remove(visitor(id)),

    /** Chapter 6.3.7: staff and guests alike; groups only where exactly one person was found. */
    list(form: Form): Answer {
      const asked = fields(form);
      const wants = (name: string) => (typeof asked[name] === 'string' && asked[name] !== '' ? asked[name] : null);
      const id = wants('id');
      if (id !== null && !/^\d{1,15}$/.test(id)) return failure(30001, 'id');
      const name = wants('name');
      const found = [...store.people.values()].filter(
        (person) =>
          (id === null || person.id === Number(id)) &&
          (name === null || (person.fields.name ?? '').includes(name)) &&
          ['jobNumber', 'mobile', 'mail', 'icNumber'].every((field) => {
            const value = wants(field);
            return value === null || person.fields[field] === value;
          }),
      );
      return success(found.map((person) => describe(person, found.length === 1, '.0')));
    },
  };

  function remove(person: Person | null): Answer {
    if (!person) return failure(620, 'id');
    store.people.delete(person.id);
    return success();
  }
}

/** Only the values that were sent. */
function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
