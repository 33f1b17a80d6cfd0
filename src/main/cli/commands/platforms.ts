import type { Command } from 'commander';
import { definitions } from '#platforms/index';
import { isTransient } from '#shared/fault';
import { type PlatformTest, readConfigFile, testConfiguredPlatforms } from '#station/index';
import { withStation } from '../compose.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../output.ts';

/** `platforms test`: reaches and authenticates each platform, and tells how far its clock is from ours. */
export function registerPlatforms(program: Command, context: CommandContext): void {
  const { out, exit } = context;
  program
    .command('platforms')
    .description('the configured platforms')
    .command('test')
    .description('reach and authenticate each platform, and measure its clock')
    .requiredOption('--config <file>', 'the configuration')
    .option('--data <folder>', 'the station’s data: needed where secrets are in its vault')
    .option('--json', 'print one JSON object a platform')
    .action(async (options: { config: string; data?: string; json?: boolean }) => {
      const results = await testAll(context, options);
      for (const { platform, kind, ...test } of results) {
        const { ok, skewMs, detail, fault } = test;
        if (options.json) out.json({ platform, kind, ok, skewMs, detail, error: fault });
        else out.line(`${platform.padEnd(14)} ${testText(test)}`);
      }
      if (results.length === 0) out.note('the configuration names no platform');
      const faults = results.flatMap(({ fault }) => fault ?? []);
      if (faults.length > 0) exit(faults.every(({ kind }) => isTransient(kind)) ? EXIT.pending : EXIT.failed);
    });
}

type Tested = PlatformTest & { platform: string; kind: string };

/** Without a data folder nothing is opened; with one the station's own connections are tried, vault and all. */
async function testAll(
  context: CommandContext,
  { config, data }: { config: string; data?: string },
): Promise<Tested[]> {
  const { env, signal } = context;
  const loaded = await readConfigFile(config, env, definitions);
  if (data === undefined) return testConfiguredPlatforms(loaded, signal);
  let results: Tested[] = [];
  await withStation(context, { config, data }, async (station) => {
    results = await Promise.all(
      loaded.platforms.map(async ({ id, kind }) => ({
        platform: id,
        kind,
        ...(await station.testPlatform(id, signal)),
      })),
    );
  });
  return results;
}

function testText({ ok, skewMs, detail, fault }: PlatformTest): string {
  const parts = [ok ? 'ok' : 'failed'];
  if (fault) parts.push(`${fault.kind} ${fault.code}: ${fault.message}`);
  if (detail) parts.push(detail);
  if (skewMs !== null) parts.push(`clock ${skewMs >= 0 ? '+' : ''}${(skewMs / 1000).toFixed(1)} s`);
  return parts.join('  ');
}
