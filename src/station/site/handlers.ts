import type { siteCalls } from '#shared/calls/site';
import type { Handlers } from '#shared/contract';
import type { SiteDesk } from './index.ts';

/** The calls of `shared/calls/site.ts`. */
export function siteHandlers(desk: SiteDesk): Pick<Handlers, keyof typeof siteCalls> {
  return {
    'site.get': async () => desk.view(),
    'site.test': ({ id, draft }) => desk.test(id, draft),
    'site.certificate': ({ baseUrl }) => desk.certificate(baseUrl),
    'site.save': async ({ id, add, draft }) => ({ problems: await desk.save(id, add, draft) }),
    'site.remove': ({ id, deliveries }) => desk.remove(id, deliveries),
  };
}
