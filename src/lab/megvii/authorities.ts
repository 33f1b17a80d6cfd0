import type { FastifyInstance } from 'fastify';
import { Refusal } from './answers.ts';
import { optionalText, requiredText, textList } from './fields.ts';
import { pageOf } from './paging.ts';
import { post } from './routes.ts';
import { type Authority, type BoxState, scheduleUuid } from './state.ts';

/** 通行权限管理: which groups are let in at which doors. */
export function authorityRoutes(app: FastifyInstance, box: BoxState): void {
  // 通行权限管理 1.1 添加通行权限
  post(app, '/v1/api/pass/authority/add', (body) => {
    const deviceUuids = textList(body.deviceUuids, 'deviceUuids').map((uuid) => door(box, uuid));
    const groupUuids = textList(body.groupUuids, 'groupUuids').map((uuid) => group(box, uuid));
    const plan = schedule(requiredText(body, 'scheduleUuid'));
    for (const deviceUuid of deviceUuids) {
      const there = box.authorities.find((authority) => authority.deviceUuid === deviceUuid);
      if (there === undefined) box.authorities.push({ deviceUuid, groupUuids: [...groupUuids], scheduleUuid: plan });
      else there.groupUuids = [...new Set([...there.groupUuids, ...groupUuids])];
    }
  });

  // 通行权限管理 1.2 删除通行权限
  post(app, '/v1/api/pass/authority/delete', (body) => {
    const deviceUuid = door(box, requiredText(body, 'deviceUuid'));
    const plan = schedule(requiredText(body, 'scheduleUuid'));
    box.authorities = box.authorities.filter(
      (authority) => authority.deviceUuid !== deviceUuid || authority.scheduleUuid !== plan,
    );
  });

  // 通行权限管理 1.4 通行权限列表
  post(app, '/v1/api/pass/authority/list', (body) => {
    const name = optionalText(body, 'deviceName') ?? '';
    const devices = body.deviceUuids ?? [];
    const wanted = textList(devices, 'deviceUuids');
    const groupUuid = optionalText(body, 'groupUuid') ?? '';
    const plan = optionalText(body, 'scheduleUuid') ?? '';
    const found = box.authorities.filter(
      (authority) =>
        deviceName(box, authority).includes(name) &&
        (wanted.length === 0 || wanted.includes(authority.deviceUuid)) &&
        (groupUuid === '' || authority.groupUuids.includes(groupUuid)) &&
        (plan === '' || authority.scheduleUuid === plan),
    );
    const { list, ...page } = pageOf(found, body);
    return { list: list.map((authority) => view(box, authority)), ...page };
  });
}

function view(box: BoxState, authority: Authority): Record<string, unknown> {
  return {
    deviceName: deviceName(box, authority),
    deviceUuid: authority.deviceUuid,
    groups: authority.groupUuids.map((groupUuid, index) => ({
      groupId: index + 1,
      groupName: box.groups.get(groupUuid)?.name,
      groupUuid,
    })),
    scheduleName: '默认时间计划',
    scheduleUuid: authority.scheduleUuid,
  };
}

function deviceName(box: BoxState, { deviceUuid }: Authority): string {
  return box.terminals.find(({ uuid }) => uuid === deviceUuid)?.name ?? '';
}

function door(box: BoxState, uuid: string): string {
  if (!box.terminals.some((terminal) => terminal.uuid === uuid && terminal.isDoor)) throw new Refusal(103157);
  return uuid;
}

function group(box: BoxState, uuid: string): string {
  if (!box.groups.has(uuid)) throw new Refusal(103126);
  return uuid;
}

/** The box has its default time plan and no other. */
function schedule(uuid: string): string {
  if (uuid !== scheduleUuid) throw new Refusal(103136);
  return uuid;
}
