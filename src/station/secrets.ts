import { FaultError } from '#shared/fault';
import type { SecretVault } from './api.ts';
import { writing } from './disk.ts';
import type { Journal } from './journal/index.ts';
import type { Platforms } from './platforms.ts';

export interface SecretDeps {
  journal: Journal;
  platforms: Platforms;
  now(): number;
  actor(): string;
  /** A platform may work again: what waits for it is tried. */
  nudge(platform: string): void;
}

/** The credentials of platforms as settings forms see them: whether they are set, since when, from where; never the values. */
export function createSecretVault({ journal, platforms, now, actor, nudge }: SecretDeps): SecretVault {
  const known = (platform: string, field: string): void => {
    const { definition } = platforms.get(platform);
    if (definition.secrets.includes(field)) return;
    throw new FaultError({
      kind: 'validation',
      code: 'field',
      field: 'field',
      message: `"${field.slice(0, 64)}" is no secret of the platform "${platform}" (there are: ${definition.secrets.join(', ')})`,
    });
  };

  return {
    status() {
      const kept = journal.secrets.list();
      return platforms.configured.flatMap(({ id, definition, origins = {} }) =>
        definition.secrets.map((field) => {
          const entry = kept.find((one) => one.platform === id && one.field === field);
          const origin = origins[field] ?? 'config';
          const set = origin === 'vault' ? entry !== undefined : origin !== 'none';
          return {
            platform: id,
            field,
            origin,
            set,
            inVault: entry !== undefined,
            updatedAt: entry?.updatedAt ?? null,
          };
        }),
      );
    },

    set(platform, field, value) {
      known(platform, field);
      if (value === '')
        throw new FaultError({ kind: 'validation', code: 'empty', field: 'value', message: 'the secret is empty' });
      writing(() =>
        journal.transaction(() => {
          journal.secrets.set(platform, field, value, now());
          journal.audit.append(
            { actor: actor(), action: 'secret-set', platform, outcome: 'done', detail: { field } },
            now(),
          );
        }),
      );
      platforms.forget(platform);
      nudge(platform);
    },

    clear(platform, field) {
      known(platform, field);
      writing(() =>
        journal.transaction(() => {
          if (!journal.secrets.clear(platform, field)) return;
          journal.audit.append(
            { actor: actor(), action: 'secret-clear', platform, outcome: 'done', detail: { field } },
            now(),
          );
        }),
      );
      platforms.forget(platform);
    },
  };
}
