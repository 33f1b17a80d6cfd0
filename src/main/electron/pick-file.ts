import type { Dialog, OpenDialogOptions } from 'electron';

const KINDS: Record<'table' | 'zip' | 'folder', OpenDialogOptions> = {
  table: { properties: ['openFile'], filters: [{ name: 'CSV, Excel', extensions: ['csv', 'tsv', 'txt', 'xlsx'] }] },
  zip: { properties: ['openFile'], filters: [{ name: 'ZIP', extensions: ['zip'] }] },
  folder: { properties: ['openDirectory'] },
};

/** Lets a person choose a file in the system's own dialog; its path, which never leaves the main process, or null. */
export async function pickFile(
  dialog: Pick<Dialog, 'showOpenDialog'>,
  what: 'table' | 'zip' | 'folder',
): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(KINDS[what]);
  return canceled ? null : (filePaths[0] ?? null);
}
