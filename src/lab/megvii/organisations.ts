import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { Refusal } from './answers.ts';
import { optionalInteger, optionalText, requiredText } from './fields.ts';
import { removePerson } from './persons.ts';
import { post } from './routes.ts';
import { type BoxState, type Organisation, type StoredPerson, topOrganisationUuid } from './state.ts';

/** 组织管理: the tree of departments. */
export function organisationRoutes(app: FastifyInstance, context: LabContext, box: BoxState): void {
  // 组织管理 1.1 添加组织
  post(app, '/v1/api/org/add', (body) => {
    const name = unitName(requiredText(body, 'fullName'));
    const parentUuid = requiredText(body, 'parentUuid');
    unitOf(box, parentUuid);
    const unit: Organisation = { uuid: context.random(), name, parentUuid };
    box.organisations.set(unit.uuid, unit);
    return { uuid: unit.uuid, fullName: name, parentUuid };
  });

  // 组织管理 1.2 修改组织信息
  post(app, '/v1/api/org/update', (body) => {
    const unit = unitOf(box, requiredText(body, 'uuid'));
    const name = optionalText(body, 'fullName');
    if (name !== undefined) unit.name = unitName(name);
  });

  // 组织管理 1.3 查询组织列表
  post(app, '/v1/api/org/tree', (body) => {
    const name = optionalText(body, 'orgName') ?? '';
    return [...box.organisations.values()]
      .filter((unit) => unit.name.includes(name))
      .map((unit) => ({
        childNum: staffOf(box, [unit.uuid]).length,
        childTotal: staffOf(box, branch(box, unit.uuid)).length,
        orgUuid: unit.uuid,
        orgName: unit.name,
        parentUuid: unit.parentUuid ?? undefined,
      }));
  });

  // 组织管理 1.4 删除组织: mode 0, the default, deletes the persons in it too
  post(app, '/v1/api/org/delete', (body) => {
    const unit = unitOf(box, requiredText(body, 'uuid'));
    const mode = optionalInteger(body, 'personInOrgHandleMode') ?? 0;
    if (mode !== 0 && mode !== 1) throw new Refusal(100003, 'personInOrgHandleMode');
    if (unit.parentUuid === null) throw new Refusal(100003, 'uuid');
    const units = branch(box, unit.uuid);
    for (const person of staffOf(box, units)) {
      if (mode === 0) removePerson(box, person.uuid);
      else person.fields.orgUuid = unit.parentUuid;
    }
    for (const uuid of units) box.organisations.delete(uuid);
  });

  // 组织管理 1.5 获取最上级组织信息
  post(app, '/v1/api/org/top/detail', () => {
    const top = unitOf(box, topOrganisationUuid);
    return { orgUuid: top.uuid, orgName: top.name };
  });
}

function unitOf(box: BoxState, uuid: string): Organisation {
  const unit = box.organisations.get(uuid);
  if (unit === undefined) throw new Refusal(101005);
  return unit;
}

function unitName(name: string): string {
  if ([...name].length > 16) throw new Refusal(100003, 'fullName');
  return name;
}

/** A department and everything under it. */
function branch(box: BoxState, uuid: string): string[] {
  const children = [...box.organisations.values()].filter(({ parentUuid }) => parentUuid === uuid);
  return [uuid, ...children.flatMap((child) => branch(box, child.uuid))];
}

function staffOf(box: BoxState, units: string[]): StoredPerson[] {
  return [...box.people.values()].filter(
    ({ fields }) => fields.orgUuid !== undefined && units.includes(fields.orgUuid),
  );
}
