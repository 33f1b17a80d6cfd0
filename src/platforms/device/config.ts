import { z } from 'zod';
import { baseConfig, pushPort } from '../core/config.ts';
import { told } from '../core/form.ts';

/** One terminal; a station that feeds several has an entry for each (interfaces.md). */
export const deviceConfig = baseConfig.extend({
  kind: z.literal('device'),
  password: told(z.string().min(1), {
    label: { en: 'Communication password', 'zh-CN': '通信密码' },
    help: { en: 'Set on the terminal itself, under its network settings.', 'zh-CN': '在终端本机的网络设置中设定。' },
  }),
  /** Port of the push of records (§8.3.3); 9000 unless said otherwise. */
  pushPort: told(pushPort.optional(), {
    label: { en: 'Port of the record push', 'zh-CN': '识别记录推送端口' },
    help: { en: 'Where the platform tells recognitions as they happen.', 'zh-CN': '平台实时推送识别记录的端口。' },
    section: 'more',
    default: { en: '9000', 'zh-CN': '9000' },
  }),
});
export type DeviceConfig = z.infer<typeof deviceConfig>;
