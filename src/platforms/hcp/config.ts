import { z } from 'zod';
import { baseConfig } from '../core/config.ts';
import { told } from '../core/form.ts';

export const hcpConfig = baseConfig.extend({
  kind: z.literal('hcp'),
  baseUrl: told(
    // What is no address at all is told as that alone.
    baseConfig.shape.baseUrl.refine((url) => !URL.canParse(url) || /\/artemis\/*$/.test(new URL(url).pathname), {
      message: 'baseUrl ends in /artemis, the gateway’s own path',
      params: { code: 'artemis' },
    }),
    {
      label: { en: 'Address of the gateway', 'zh-CN': '网关地址' },
      help: {
        en: 'Ends in /artemis, the path of HikCentral’s OpenAPI gateway, as in https://hikcentral.example/artemis.',
        'zh-CN': '以 /artemis（HikCentral OpenAPI 网关路径）结尾，例如 https://hikcentral.example/artemis。',
      },
    },
  ),
  appKey: told(z.string().min(1), {
    label: { en: 'Partner key', 'zh-CN': '合作方 Key' },
    help: { en: 'From HikCentral’s OpenAPI settings.', 'zh-CN': '来自 HikCentral 的 OpenAPI 设置。' },
  }),
  appSecret: told(z.string().min(1), {
    label: { en: 'Partner secret', 'zh-CN': '合作方 Secret' },
    help: { en: 'Belongs to the partner key.', 'zh-CN': '与合作方 Key 配套。' },
  }),
  orgIndexCode: told(z.string().min(1), {
    label: { en: 'Organisation', 'zh-CN': '组织' },
    help: { en: 'The organisation that people are put into.', 'zh-CN': '人员所归入的组织。' },
    section: 'place',
    from: { list: 'departments' },
  }),
  privilegeGroupId: told(z.string().min(1).optional(), {
    label: { en: 'Access group', 'zh-CN': '权限组' },
    help: {
      en: 'What opens the doors. Without it people are there and no door knows them.',
      'zh-CN': '决定可通行的门。不填则人员已登记，但没有门会放行。',
    },
    section: 'place',
    default: { en: 'none', 'zh-CN': '无' },
    from: { list: 'accessLevels' },
  }),
  /** The effective period, where the site has a rule of its own. */
  validity: z
    .strictObject({
      /** Days from today for staff who bring no end; ten years without it. */
      days: told(z.number().int().min(1).max(3650).optional(), {
        label: { en: 'Days that staff are valid', 'zh-CN': '员工有效天数' },
        help: { en: 'For those who bring no end of their own.', 'zh-CN': '适用于未指定结束日期的员工。' },
        section: 'more',
        default: { en: 'ten years', 'zh-CN': '十年' },
      }),
      /** Days added to the end a person brings ("completion date + 7" in the source workflow). */
      graceDays: told(z.number().int().min(0).max(3650).optional(), {
        label: { en: 'Days added to a person’s end', 'zh-CN': '结束日期顺延天数' },
        help: { en: 'For example 7 days after a course is over.', 'zh-CN': '例如课程结束后再保留 7 天。' },
        section: 'more',
        default: { en: '0', 'zh-CN': '0' },
      }),
    })
    .optional(),
  /** Where the version of the picture is kept; `none` leaves the remark to others and sends the picture every time. */
  photoVersionIn: told(z.enum(['remark', 'none']).optional(), {
    label: { en: 'Where the photo’s version is kept', 'zh-CN': '照片版本记录位置' },
    help: { en: 'So that a photo that is there already is not sent again.', 'zh-CN': '用于避免重复发送相同照片。' },
    section: 'more',
    default: { en: 'in the remark', 'zh-CN': '备注中' },
    choices: {
      remark: { en: 'In the person’s remark', 'zh-CN': '人员备注' },
      none: { en: 'Nowhere: the photo is sent every time', 'zh-CN': '不记录：每次都发送照片' },
    },
  }),
});
export type HcpConfig = z.infer<typeof hcpConfig>;
