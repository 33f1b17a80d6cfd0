import { z } from 'zod';
import { checkFields } from '../core/check.ts';
import { type Answer, failure, fieldFailure, success } from './answers.ts';
import { digits, type Form, fields, idList, ordinal, text } from './form.ts';
import { companyId, type Department, type Store, stamp } from './store.ts';

const groupType = z.enum(['1', '2']).transform(Number);
const membership = z.object({ groupId: digits, userIds: idList.pipe(z.array(z.number()).min(1).max(2000)) });

/** Groups (6.4), departments (6.7), devices (6.2) and the company (6.1). */
export function structureHandlers(store: Store) {
  const members = (id: number) => [...store.people.values()].filter((person) => person.groups.includes(id)).length;

  function changeMembers(form: Form, change: (groups: number[], id: number) => number[]): Answer {
    const checked = checkFields(membership, fields(form));
    if (!checked.ok) return failure(30001, checked.field);
    const { groupId, userIds } = checked.value;
    const group = store.groups.get(groupId);
    if (!group) return failure(620, 'groupId');
    const people = userIds.map((id) => store.people.get(id));
    if (people.some((person) => person === undefined)) return failure(620, 'userIds');
    if (people.some((person) => person?.type !== group.type)) return failure(30001, 'userIds');
    for (const person of people) if (person) person.groups = change(person.groups, groupId);
    return success();
  }

  const describeDepartment = ({ id, name, code, parentId, leaderId }: Department) => ({
    id,
    name,
    code,
    parent_id: parentId,
    leader_id: leaderId,
  });

  function tree(parentId: number): object[] {
    return [...store.departments.values()]
      .filter((department) => department.parentId === parentId)
      .map((department) => ({
        ...describeDepartment(department),
        children: tree(department.id),
        leader_name: department.leaderId ? (store.people.get(department.leaderId)?.fields.name ?? null) : null,
        user_num: [...store.people.values()].filter((person) => person.departmentId === department.id).length,
      }));
  }

  const departmentFields = {
    parentId: digits,
    name: text(50, 1),
    leaderId: digits.optional(),
    code: text(45).optional(),
  };

  /** Checks shared by adding and updating a department: parent, leader, and no sibling of the same name. */
  function wrongPlace(asked: { parentId: number; name: string; leaderId?: number | undefined }, self: number | null) {
    if (asked.parentId !== 0 && !store.departments.has(asked.parentId)) return failure(620, 'parentId');
    if (asked.leaderId && !store.people.has(asked.leaderId)) return failure(620, 'leaderId');
    for (let at = asked.parentId; at !== 0; at = store.departments.get(at)?.parentId ?? 0)
      if (at === self) return failure(30001, 'parentId');
    const twin = [...store.departments.values()].some(
      (other) => other.id !== self && other.parentId === asked.parentId && other.name === asked.name,
    );
    return twin ? failure(610, 'name') : null;
  }

  function deviceGroups(ids: number[]) {
    return store.groupBriefs(ids).map((group) => ({ ...group, person_count: members(group.id) }));
  }

  return {
    company: (): Answer =>
      success({
        id: companyId,
        name: 'Simulated company',
        logo: '',
        background: '',
        welcome: '',
        introduction: '',
        contact: '',
        threshold: 0.85,
        language: 'en',
        serviceConfig: '',
      }),

    addGroup(form: Form): Answer {
      const checked = checkFields(z.object({ name: text(45, 1), type: groupType }), fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const now = store.now();
      const group = { id: store.nextGroupId(), ...checked.value, created: now, updated: now };
      store.groups.set(group.id, group);
      return success({
        id: group.id,
        name: group.name,
        type: group.type,
        company_id: companyId,
        create_at: stamp(now),
        update_at: stamp(now),
      });
    },

    listGroups(form: Form): Answer {
      const asked = z.object({
        page: ordinal(1),
        size: ordinal(20),
        type: z.enum(['0', '1', '2']).default('0').transform(Number),
      });
      const checked = checkFields(asked, fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const { type, ...page } = checked.value;
      const found = [...store.groups.values()]
        .filter((group) => type === 0 || group.type === type)
        .sort((a, b) => b.id - a.id);
      return success(
        paged(
          found.map((group) => ({
            id: group.id,
            name: group.name,
            type: group.type,
            user_number: members(group.id),
            company_id: companyId,
            create_at: stamp(group.created, '.0'),
            update_at: stamp(group.updated, '.0'),
          })),
          page,
        ),
      );
    },

    updateGroup(form: Form): Answer {
      const checked = checkFields(z.object({ id: digits, name: text(45, 1), type: groupType }), fields(form));
      if (!checked.ok) return failure(30001, checked.field);
      const group = store.groups.get(checked.value.id);
      if (!group) return failure(320, 'id');
      store.groups.set(group.id, { ...group, ...checked.value, updated: store.now() });
      return success();
    },

    addToGroup: (form: Form): Answer => changeMembers(form, (groups, id) => [...new Set([...groups, id])]),
    removeFromGroup: (form: Form): Answer => changeMembers(form, (groups, id) => groups.filter((one) => one !== id)),

    departments: (): Answer => success({ id: 0, name: 'Simulated company', children: tree(0) }),

    departmentByCode(form: Form): Answer {
      const checked = checkFields(z.looseObject({ code: text(45, 1) }), fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const found = [...store.departments.values()].find((department) => department.code === checked.value.code);
      return found ? success(describeDepartment(found)) : failure(620, 'code');
    },

    departmentById(id: string | undefined): Answer {
      if (!id || !/^\d{1,15}$/.test(id)) return failure(30001, 'id');
      const found = store.departments.get(Number(id));
      return found ? success(describeDepartment(found)) : failure(620, 'id');
    },

    addDepartment(form: Form): Answer {
      const checked = checkFields(z.object(departmentFields), fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const refused = wrongPlace(checked.value, null);
      if (refused) return refused;
      const { name, parentId, leaderId = null, code = null } = checked.value;
      const department = { id: store.nextDepartmentId(), name, code, parentId, leaderId };
      store.departments.set(department.id, department);
      return success(describeDepartment(department));
    },

    updateDepartment(form: Form): Answer {
      const checked = checkFields(z.object({ id: digits, ...departmentFields }), fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const known = store.departments.get(checked.value.id);
      if (!known) return failure(620, 'id');
      const refused = wrongPlace(checked.value, known.id);
      if (refused) return refused;
      const { name, parentId, leaderId = known.leaderId, code = known.code } = checked.value;
      const department = { id: known.id, name, code, parentId, leaderId };
      store.departments.set(known.id, department);
      return success(describeDepartment(department));
    },

    deleteDepartment(form: Form): Answer {
      const checked = checkFields(z.looseObject({ id: digits }), fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const { id } = checked.value;
      if (!store.departments.has(id)) return failure(620, 'id');
      const used =
        [...store.departments.values()].some((department) => department.parentId === id) ||
        [...store.people.values()].some((person) => person.departmentId === id);
      if (used) return failure(650);
      store.departments.delete(id);
      return success();
    },

    listDevices(form: Form): Answer {
      const checked = checkFields(z.object({ page: ordinal(1), size: ordinal(20) }), fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const { device } = store;
      const groups = store.groupBriefs([...device.groupStaff, ...device.groupVisitor]);
      const only = {
        device_type: { id: 47, name: 'SenseKeeper', identifier: 'SKP', description: '' },
        device: {
          id: device.id,
          sn: 'SKP-00000000000000000000000000000037',
          name: device.name,
          direction: device.direction,
          location: device.location,
          ip: '',
          status: 2,
          groups,
          active: 1,
          type_id: 47,
          description: device.description,
          software_version: null,
          info: null,
          company_id: companyId,
          group_count: groups.length,
        },
      };
      return success(paged([only], checked.value));
    },

    /** Chapter 6.2.2: a group list that is left out empties that list. */
    updateDevice(form: Form): Answer {
      const asked = z.object({
        id: digits,
        name: text(45, 1),
        location: text(255),
        description: text(255).optional(),
        direction: digits,
        groupStaff: idList.default([]),
        groupVisitor: idList.default([]),
      });
      const checked = checkFields(asked, fields(form));
      if (!checked.ok) return fieldFailure(checked);
      const { device } = store;
      if (checked.value.id !== device.id) return failure(620, 'id');
      for (const [field, ids, type] of [
        ['groupStaff', checked.value.groupStaff, 1],
        ['groupVisitor', checked.value.groupVisitor, 2],
      ] as const)
        if (ids.some((id) => store.groups.get(id)?.type !== type)) return failure(620, field);
      Object.assign(device, { ...checked.value, description: checked.value.description ?? device.description });
      return success({
        id: device.id,
        name: device.name,
        location: device.location,
        state: 1,
        description: device.description,
        direction: device.direction,
        ldid: 'SKP-00000000000000000000000000000037',
        type_id: 47,
        type_name: 'SenseKeeper',
        user_group: deviceGroups(device.groupStaff),
        guest_group: deviceGroups(device.groupVisitor),
      });
    },
  };
}

/** A page as chapters 6.2.1, 6.4.2 and 6.5.1 print it. */
export function paged<T>(all: T[], { page, size }: { page: number; size: number }) {
  const data = all.slice((page - 1) * size, page * size);
  return {
    total: all.length,
    pageNum: page,
    size: data.length,
    pageSize: size,
    totalPage: Math.ceil(all.length / size),
    data,
  };
}
