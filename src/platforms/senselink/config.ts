import { z } from 'zod';
import { baseConfig, pushPort } from '../core/config.ts';
import { told } from '../core/form.ts';

const groups = z.array(z.number().int().positive()).min(1);

export const senselinkConfig = baseConfig.extend({
  kind: z.literal('senselink'),
  appKey: told(z.string().min(1), {
    label: { en: 'App key', 'zh-CN': 'App Key' },
    help: { en: 'From SenseLink, under open platform.', 'zh-CN': '来自 SenseLink 的开放平台页面。' },
  }),
  appSecret: told(z.string().min(1), {
    label: { en: 'App secret', 'zh-CN': 'App Secret' },
    help: { en: 'Belongs to the app key.', 'zh-CN': '与 App Key 配套。' },
  }),
  groupIds: z
    .strictObject({
      staff: told(groups.optional(), {
        label: { en: 'Groups of staff', 'zh-CN': '员工组' },
        help: {
          en: 'Numbers of the groups that staff are put into; the groups are bound to doors.',
          'zh-CN': '员工所归入的组编号；门禁与组绑定。',
        },
        section: 'place',
        default: { en: 'SenseLink’s default group', 'zh-CN': 'SenseLink 默认组' },
        from: { list: 'groups', kind: 'staff' },
      }),
      visitor: told(groups.optional(), {
        label: { en: 'Groups of visitors', 'zh-CN': '访客组' },
        help: { en: 'Numbers of the groups that visitors are put into.', 'zh-CN': '访客所归入的组编号。' },
        section: 'place',
        default: { en: 'SenseLink’s default group', 'zh-CN': 'SenseLink 默认组' },
        from: { list: 'groups', kind: 'visitor' },
      }),
    })
    .optional(),
  /** Port of the push of records (§6.5.2); 9000 unless said otherwise. */
  pushPort: told(pushPort.optional(), {
    label: { en: 'Port of the record push', 'zh-CN': '识别记录推送端口' },
    help: { en: 'Where the platform tells recognitions as they happen.', 'zh-CN': '平台实时推送识别记录的端口。' },
    section: 'more',
    default: { en: '9000', 'zh-CN': '9000' },
  }),
  /**
   * Where pictures are fetched: a path on `baseUrl` with `{id}` for a picture's id. The manual prints ids (`avatar`, §6.3) and no call that takes one, so
   * without this the desk sees a similar person's name alone, unless the server prints addresses in place of ids.
   */
  avatarPath: told(
    z
      .string()
      .regex(/^\/[^\s#]*\{id\}[^\s#]*$/, 'a path that begins with "/" and holds {id}')
      .optional(),
    {
      label: { en: 'Path of pictures', 'zh-CN': '照片路径' },
      help: {
        en: 'Where this server hands out a picture by its number, with {id} in it; ask its administrator.',
        'zh-CN': '该服务器按编号提供照片的路径，须含 {id}；请向其管理员确认。',
      },
      section: 'more',
      default: { en: 'pictures are not shown', 'zh-CN': '不显示照片' },
    },
  ),
  /** Makes a department that a person names and SenseLink does not know; without it such a person gets a warning. */
  createDepartments: told(z.boolean().optional(), {
    label: { en: 'Make missing departments', 'zh-CN': '自动创建部门' },
    help: {
      en: 'A department that a person names and SenseLink does not know is made there.',
      'zh-CN': '人员所属部门在 SenseLink 中不存在时自动创建。',
    },
    section: 'more',
    default: { en: 'off', 'zh-CN': '关' },
  }),
});
export type SenselinkConfig = z.infer<typeof senselinkConfig>;
