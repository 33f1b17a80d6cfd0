import type { FastifyInstance } from 'fastify';
import { Refusal } from './answers.ts';
import { optionalInteger } from './fields.ts';
import type { Criteria, Thresholds } from './quality.ts';
import { post } from './routes.ts';
import type { BoxState } from './state.ts';

/** Ranges as 功能配置 1.7.2 and 错误码 100003 print them. */
const ranges: Record<keyof Thresholds, { min: number; max: number; whole: boolean }> = {
  blur: { min: 0, max: 1, whole: false },
  pitch: { min: 1, max: 100, whole: false },
  roll: { min: 1, max: 100, whole: false },
  yaw: { min: 1, max: 100, whole: false },
  brightnessMin: { min: 1, max: 1000, whole: true },
  brightnessMax: { min: 1, max: 1000, whole: true },
  size: { min: 1, max: 500, whole: true },
  sdtDeviation: { min: 1, max: 1000, whole: true },
};

/** 功能配置: the thresholds pictures are judged by, and how long a pass code lasts. */
export function settingsRoutes(app: FastifyInstance, box: BoxState): void {
  // 功能配置 1.6 查看入库标准
  post(app, '/v1/api/sys/storageCriteria/info', () => criteriaView(box.criteria));

  // 功能配置 1.7 保存入库标准
  post(app, '/v1/api/sys/storageCriteria/save', (body) => {
    const level = body.level;
    if (level === 1 || level === 3) box.criteria = { level, custom: null };
    else if (level === 4) box.criteria = { level, custom: customConfig(body.customConfig) };
    else throw new Refusal(100003, 'level');
    return criteriaView(box.criteria);
  });

  // 功能配置 1.8 重置入库标准
  post(app, '/v1/api/sys/storageCriteria/setDefault', () => {
    box.criteria = { level: 3, custom: null };
    return { level: 3 };
  });

  // 功能配置 1.4 获取二维码配置
  post(app, '/v1/api/sys/queryQrcodeExpireTimeConfigInfo', () => ({
    visitorQrCodeExpireTime: box.qrMinutes.visitor,
    staffQrCodeExpireTime: box.qrMinutes.staff,
  }));

  // 功能配置 1.5 保存二维码配置
  post(app, '/v1/api/sys/saveQrcodeExpireTimeConfigInfo', (body) => {
    box.qrMinutes = {
      visitor: minutes(body, 'visitorQrCodeExpireTime'),
      staff: minutes(body, 'staffQrCodeExpireTime'),
    };
  });
}

function criteriaView(criteria: Criteria): Record<string, unknown> {
  return criteria.custom === null
    ? { level: criteria.level }
    : { customConfig: criteria.custom, level: criteria.level };
}

function customConfig(value: unknown): Thresholds {
  if (typeof value !== 'object' || value === null) throw new Refusal(100003, '自定义时,customConfig必传');
  const given = value as Record<string, unknown>;
  const read = (name: keyof Thresholds): number => {
    const { min, max, whole } = ranges[name];
    const number = given[name];
    if (typeof number !== 'number' || number < min || number > max || (whole && !Number.isInteger(number)))
      throw new Refusal(100003, name);
    return number;
  };
  return {
    blur: read('blur'),
    pitch: read('pitch'),
    roll: read('roll'),
    yaw: read('yaw'),
    brightnessMin: read('brightnessMin'),
    brightnessMax: read('brightnessMax'),
    size: read('size'),
    sdtDeviation: read('sdtDeviation'),
  };
}

function minutes(body: Record<string, unknown>, name: string): number {
  const value = optionalInteger(body, name) ?? 10;
  if (value < 5 || value > 1440) throw new Refusal(100003, name);
  return value;
}
