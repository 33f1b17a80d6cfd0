import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { Refusal } from './answers.ts';
import { optionalInteger, optionalText, requiredText, textList } from './fields.ts';
import { pageOf } from './paging.ts';
import { post } from './routes.ts';
import type { BoxState, Pass, StoredPerson } from './state.ts';
import { imageUrl } from './views.ts';

/** 数据字典: recognitionType of 通行记录 1.1.3 for our three kinds of person. */
const kinds = ['', '员工', '访客', '重点人员'];
const modes = ['人脸', '人脸或刷卡', '人脸及刷卡', '人脸及密码', '远程开门', '二维码'];

/** Devices, doors, what could not be brought to them, and who passed. */
export function doorRoutes(app: FastifyInstance, context: LabContext, box: BoxState): void {
  // 设备管理 1.7 查询设备列表
  post(app, '/v1/api/device/list', (body) => {
    const name = optionalText(body, 'name') ?? '';
    const deviceType = optionalInteger(body, 'deviceType');
    const found = box.terminals.filter(
      (terminal) => terminal.name.includes(name) && (deviceType === undefined || terminal.deviceType === deviceType),
    );
    const { list, ...page } = pageOf(found, body);
    return {
      list: list.map(({ uuid, name, location, deviceType, ipAddress, online }) => ({
        checkFirm: 0,
        deviceMode: 1,
        deviceType,
        ipAddress,
        location,
        name,
        status: online ? 3 : 4,
        upgradeAction: 0,
        uuid,
      })),
      ...page,
    };
  });

  // 门禁点管理 1.2 查询门禁点设备列表: `passModel` false lists the doors, true what may become one
  post(app, '/v1/api/door/list', (body) => {
    const passModel = body.passModel;
    if (typeof passModel !== 'boolean') throw new Refusal(100003, 'passModel');
    const name = optionalText(body, 'name') ?? '';
    const location = optionalText(body, 'location') ?? '';
    const deviceType = optionalInteger(body, 'deviceType');
    const deviceModel = optionalInteger(body, 'deviceModel');
    const found = box.terminals.filter(
      (terminal) =>
        terminal.isDoor !== passModel &&
        terminal.name.includes(name) &&
        terminal.location.includes(location) &&
        (deviceType === undefined || terminal.deviceType === deviceType) &&
        (deviceModel === undefined || terminal.deviceModel === deviceModel),
    );
    const { list, ...page } = pageOf(found, body);
    const failNum = box.syncFailures.size;
    return {
      list: list.map(({ uuid, name, location, deviceType, deviceModel, online, isDoor }) => ({
        deviceModel,
        deviceType,
        isPass: isDoor ? 1 : 0,
        location,
        name,
        status: online ? 3 : 4,
        synStatus: failNum === 0 ? 1 : 2,
        failNum,
        uuid,
      })),
      ...page,
    };
  });

  // 门禁点管理 1.3 查询同步失败人员信息
  post(app, '/v1/api/door/queryFeatureFailList', (body) => {
    const notice = body.noticeCode;
    if (notice !== '1' && notice !== '6') throw new Refusal(100003, 'noticeCode');
    const failed = [...box.syncFailures].filter(([, failure]) => failure.notice === notice);
    const { list, ...page } = pageOf(failed, body);
    return {
      list: list.map(([personUuid, { reason: reasonStr }]) => {
        const person = box.people.get(personUuid);
        return {
          personUuid,
          name: person?.fields.name,
          imageUri: person?.fields.imageUri,
          type: person?.type,
          reasonStr,
        };
      }),
      ...page,
    };
  });

  // 门禁点管理 1.11 远程开门
  post(app, '/v1/api/door/openDoor', (body) => {
    const uuid = requiredText(body, 'uuid');
    const terminal = box.terminals.find((one) => one.uuid === uuid);
    if (terminal === undefined) throw new Refusal(102013);
    if (!terminal.isDoor) throw new Refusal(103157);
    if (!terminal.online) throw new Refusal(102091);
    box.opened.push(uuid);
  });

  // 通行记录 1.1 查询通行记录列表
  post(app, '/v1/api/pass_record/list', (body) => {
    const wanted = passMatcher(body, box);
    const found = box.passes.filter(wanted).toSorted((a, b) => b.at - a.at);
    const { list, ...page } = pageOf(found, body);
    return { list: list.map((pass) => passView(context, box, pass)), ...page };
  });
}

function passMatcher(body: Record<string, unknown>, box: BoxState): (pass: Pass) => boolean {
  const personUuid = optionalText(body, 'personUuid') ?? '';
  const personName = optionalText(body, 'personName') ?? '';
  const personCode = optionalText(body, 'personCode') ?? '';
  const devices = body.deviceUuids;
  const deviceUuids = devices === undefined || devices === null ? null : textList(devices, 'deviceUuids');
  const passType = optionalInteger(body, 'passType');
  const from = instant(body, 'startPassTime') ?? Number.NEGATIVE_INFINITY;
  const until = instant(body, 'endPassTime') ?? Number.POSITIVE_INFINITY;
  return (pass) => {
    const person = box.people.get(pass.personUuid);
    if (personUuid !== '' && pass.personUuid !== personUuid) return false;
    if (!(person?.fields.name ?? '').includes(personName)) return false;
    if (personCode !== '' && person?.fields.code !== personCode) return false;
    if (deviceUuids !== null && !deviceUuids.includes(pass.deviceUuid)) return false;
    if (passType !== undefined && passType !== (pass.passed ? 1 : 0)) return false;
    return pass.at >= from && pass.at < until;
  };
}

/** `2020-01-01 10:00:00`, taken as the box's own time UTC+8, or milliseconds as number or digits (通行记录 1.1.2). */
function instant(body: Record<string, unknown>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value !== 'string') throw new Refusal(100003, name);
  if (/^\d{10,}$/.test(value)) return Number(value);
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(value);
  const at = Date.parse(`${match?.[1]}T${match?.[2]}+08:00`);
  if (Number.isNaN(at)) throw new Refusal(100003, name);
  return at;
}

/** 通行记录 1.1.3: 6 is a VIP visitor, 5 somebody who is gone, 4 a stranger. */
function recognitionType(person: StoredPerson | undefined, pass: Pass): number {
  if (person === undefined) return pass.personUuid === '' ? 4 : 5;
  return person.type === 2 && person.fields.visitType === 2 ? 6 : person.type;
}

/** A pass as 通行记录 1.1.3 prints it. */
export function passView(context: LabContext, box: BoxState, pass: Pass): Record<string, unknown> {
  const person = box.people.get(pass.personUuid);
  const terminal = box.terminals.find(({ uuid }) => uuid === pass.deviceUuid);
  return {
    deviceLocation: terminal?.location,
    deviceModel: terminal?.deviceModel,
    deviceName: terminal?.name,
    deviceUuid: pass.deviceUuid,
    livenessType: 2,
    maskType: 0,
    maskTypeDesc: '未检测',
    passTimestamp: pass.at,
    passType: pass.passed ? 1 : 0,
    passTypeDesc: pass.passed ? '通行' : '未通行',
    personCode: person?.fields.code,
    personImageUrl: imageUrl(context, person?.fields.imageUri),
    personName: person?.fields.name,
    personType: person?.type,
    personUuid: person?.uuid,
    recognitionScore: person === undefined ? undefined : 97.5,
    recognitionType: recognitionType(person, pass),
    recognitionTypeDesc: person === undefined ? '未识别' : kinds[person.type],
    temperature: 0,
    temperatureType: 0,
    temperatureTypeDesc: '未检测',
    uuid: String(box.passes.indexOf(pass) + 1),
    verificationMode: pass.verificationMode ?? 0,
    verificationModeDesc: modes[pass.verificationMode ?? 0],
    autograph: person?.fields.autograph,
  };
}
