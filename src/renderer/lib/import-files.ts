/** A file with its place in the folder it came from, as the station finds photos by. */
export interface NamedFile {
  name: string;
  file: File;
}

export type Chosen =
  | { what: 'table'; file: File }
  | { what: 'zip'; file: File }
  | { what: 'folder'; name: string; files: NamedFile[] };

const PHOTO = /\.(jpe?g|png)$/i;
/** What programs of the system put beside photos. */
const HIDDEN = /(^|\/)(\.|__MACOSX\/)/;

function isPhotoFile(path: string): boolean {
  return PHOTO.test(path) && !HIDDEN.test(path);
}

/** What files without a folder are for (pure): zips and pictures are photos, the rest is tried as a table. */
export function sortFiles(files: readonly File[]): Chosen[] {
  const photos = files.filter(({ name }) => isPhotoFile(name));
  const others = files.filter(({ name }) => !isPhotoFile(name));
  const chosen = others.map((file): Chosen => ({ what: /\.zip$/i.test(file.name) ? 'zip' : 'table', file }));
  if (photos.length > 0)
    chosen.push({ what: 'folder', name: '', files: photos.map((file) => ({ name: file.name, file })) });
  return chosen;
}

/** Photos of a folder that was chosen in a dialog; the folder's own name is no part of theirs. */
export function folderFiles(list: Iterable<File>): Chosen {
  let folder = '';
  const files: NamedFile[] = [];
  for (const file of list) {
    const [top = '', ...rest] = file.webkitRelativePath.split('/');
    folder = top;
    const name = rest.join('/') || file.name;
    if (isPhotoFile(name)) files.push({ name, file });
  }
  return { what: 'folder', name: folder, files };
}

/** What a drop holds. Its entries have to be taken before anything is waited for: afterwards the browser has emptied it. */
export function droppedFiles(data: Pick<DataTransfer, 'files' | 'items'> | null): Promise<Chosen[]> {
  if (!data) return Promise.resolve([]);
  const entries = [...data.items].flatMap((item) => (item.kind === 'file' ? [item.webkitGetAsEntry()] : []));
  const loose = [...data.files].filter((_, at) => !entries[at]?.isDirectory);
  const folders = entries.filter((entry) => entry?.isDirectory === true) as FileSystemDirectoryEntry[];
  return Promise.all(
    folders.map(async (folder): Promise<Chosen> => {
      const files: NamedFile[] = [];
      await walk(folder, '', files);
      return { what: 'folder', name: folder.name, files };
    }),
  ).then((dropped) => [...sortFiles(loose), ...dropped]);
}

async function walk(folder: FileSystemDirectoryEntry, inside: string, found: NamedFile[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // A browser tells a hundred entries at a time, and none at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries) {
      const name = `${inside}${entry.name}`;
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, `${name}/`, found);
      else if (isPhotoFile(name)) {
        const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
        found.push({ name, file });
      }
    }
  }
}
