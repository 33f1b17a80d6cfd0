import { join } from 'node:path';
import { keyFile, loadKeys, repairJournal } from '#station/index';
import { openDatabase } from '#station/journal/database';
import { openJournal } from '#station/journal/index';
import { RETENTION } from '#station/outbox/retention';
import { purgeReceipts } from '#station/purge';
import { openPhotoVault } from '#station/vault/photos';

/** One thing done to a data folder, to be killed in the middle: data folder, what. Says when it begins and when it is done. */
const [dataDir = '', what = ''] = process.argv.slice(2);
const keys = await loadKeys(keyFile(dataDir, {}));
const work: Record<string, () => Promise<unknown> | unknown> = {
  migrate: () => openDatabase(dataDir, Date.now()).close(),
  repair: () => repairJournal(dataDir, keys, Date.now()),
  async purge() {
    const journal = openJournal(dataDir, keys, Date.now());
    const vault = await openPhotoVault(join(dataDir, 'photos'), journal.sealer, Date.now);
    await purgeReceipts(journal, vault, { ...RETENTION, receiptsMs: 0 }, Date.now() + 1_000);
    journal.close();
  },
};
process.stdout.write('begins\n');
await work[what]?.();
process.stdout.write('done\n');
