/** The codes this simulation answers, with the wording of the document (错误码定义 1.1, 1.2 and 1.4). */
const wording = {
  100003: '参数不合法',
  100008: '签名错误',
  101005: '机构不存在',
  101007: '手机号已存在',
  101008: '证件号已存在',
  101009: '邮箱已存在',
  101010: '卡号已存在',
  101011: '员工编号已存在',
  101012: '该人员不存在',
  101020: '访客访问时间不存在',
  101027: '邮箱格式错误',
  101039: '读取文件出错误',
  101050: '模糊度不通过',
  101051: '人脸大小不通过',
  101055: '亮度不通过',
  101056: '标准差亮度不通过',
  101066: '图片格式或名称错误',
  101067: '人员数量超过最大值',
  101069: '访客被拜访员工不能为空',
  101082: '图片大小超过10MB',
  101090: '唯一标识已存在',
  101099: 'UUID已存在',
  101105: '人员uuid类型不符',
  102013: '当前请求设备不存在',
  102091: '设备离线状态',
  103123: '无法删除默认组',
  103124: '组名重复',
  103125: '默认组不允许修改',
  103126: '组不存在',
  103134: '组名称长度应为2~32',
  103136: '时间计划不存在',
  103150: '组uuid不允许重复',
  103157: '设备不在门禁设备中',
} as const;

export type RefusalCode = keyof typeof wording;

/** A request, or one entry of a batch, that the box refuses. `detail` names a field and never repeats its value. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, detail = '') {
    super(detail === '' ? wording[code] : `${wording[code]}: ${detail}`);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** The box's envelope: `code` 0 and `msg` 成功; `data` is left out where the document prints 返回数据 OK. */
export function success(data?: unknown): Record<string, unknown> {
  return data === undefined ? { code: 0, msg: '成功' } : { code: 0, data, msg: '成功' };
}

/** The envelope of a refusal. The document prints no HTTP status for errors; 200 is what it prints everywhere. */
export function failure(refusal: Refusal): Record<string, unknown> {
  return { code: refusal.code, msg: refusal.message };
}
