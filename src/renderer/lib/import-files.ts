import type { LeftOut } from './left-out.ts';

/** A file with its place in the folder it came from, as the station finds photos by. */
export interface NamedFile {
  name: string;
  file: File;
}

export type Chosen =
  | { what: 'table'; file: File }
  | { what: 'zip'; file: File }
  | { what: 'folder'; name: string; files: NamedFile[] };

/** What somebody chose or dropped, whatever it is. */
export interface Given {
  loose: readonly File[];
  folders: readonly { name: string; files: readonly NamedFile[] }[];
}

const PHOTO = /\.(jpe?g|png)$/i;
/** The same by their types. */
const HELD_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png']);
const OTHER_PICTURE = /\.(heic|heif|tiff?|bmp|gif|webp|avif|raw|cr2|nef)$/i;
const TABLE = /\.(csv|tsv|txt|xlsx)$/i;
const ZIP = /\.zip$/i;
/** What programs of the system put beside photos. */
const HIDDEN = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i;

const isPhoto = (path: string) => PHOTO.test(path);

/** One table and one lot of photos out of all that was given; what is not taken is told (pure). */
export function sortGiven({ loose, folders }: Given, left: LeftOut): Chosen[] {
  const files = loose.filter(({ name }) => !HIDDEN.test(name)).map((file): NamedFile => ({ name: file.name, file }));
  // Names of photos are told by their place in the folder; of several folders, by the folder's too.
  const inside = folders.flatMap(({ name: folder, files: found }) =>
    found
      .filter(({ name }) => !HIDDEN.test(name))
      .map(({ name, file }) => ({ name: folders.length > 1 ? `${folder}/${name}` : name, file })),
  );
  const photos = [...files, ...inside].filter(({ name }) => isPhoto(name));
  const zips = files.filter(({ name }) => ZIP.test(name));
  const tables = files.filter(({ name }) => TABLE.test(name));
  const beside = inside.filter(({ name }) => TABLE.test(name));
  const unknown = files.filter(({ name }) => !isPhoto(name) && !ZIP.test(name) && !TABLE.test(name));
  // A lone file of no known kind is taken for a table: the station says what it is instead.
  const lone = unknown.length === 1 && photos.length + zips.length + tables.length === 0 ? unknown : [];
  // A folder often holds its table, too; which of several is meant cannot be told.
  const [table, ...others] = tables.length > 0 ? tables : lone.length > 0 ? lone : beside.length === 1 ? beside : [];
  const [zip, ...moreZips] = photos.length > 0 ? [] : zips;

  for (const { name } of [...others, ...beside]) if (name !== table?.name) left.add('table', name);
  for (const { name } of photos.length > 0 ? zips : moreZips) left.add('photos', name);
  for (const { name } of [...unknown.filter((one) => !lone.includes(one)), ...inside.filter(isOther)])
    left.add(OTHER_PICTURE.test(name) ? 'picture' : 'other', name);
  return [
    ...(table ? [{ what: 'table', file: table.file } as const] : []),
    ...(zip ? [{ what: 'zip', file: zip.file } as const] : []),
    ...(photos.length > 0 ? [{ what: 'folder', name: folders[0]?.name ?? '', files: photos } as const] : []),
  ];
}

const isOther = ({ name }: NamedFile) => !isPhoto(name) && !TABLE.test(name);

/** A folder that was chosen in a dialog; its own name is no part of those of its files. */
export function chosenFolder(list: Iterable<File>): Given {
  let folder = '';
  const files: NamedFile[] = [];
  for (const file of list) {
    const [top = '', ...rest] = file.webkitRelativePath.split('/');
    folder = top;
    files.push({ name: rest.join('/') || file.name, file });
  }
  return { loose: [], folders: [{ name: folder, files }] };
}

export interface DropWatch {
  /** So many files were found by now. */
  found(count: number): void;
  /** Throws when nobody wants it any more. */
  check(): void;
}

/** What a drop holds. Its entries have to be taken before anything is waited for: afterwards the browser has emptied it. */
export function droppedFiles(data: Pick<DataTransfer, 'files' | 'items'> | null, watch: DropWatch): Promise<Given> {
  if (!data) return Promise.resolve({ loose: [], folders: [] });
  const entries = [...data.items].flatMap((item) => (item.kind === 'file' ? [item.webkitGetAsEntry()] : []));
  const loose = [...data.files].filter((_, at) => !entries[at]?.isDirectory);
  const folders = entries.filter((entry) => entry?.isDirectory === true) as FileSystemDirectoryEntry[];
  let count = 0;
  const found = () => {
    count += 1;
    if (count % 100 === 0) watch.found(count);
    watch.check();
  };
  return Promise.all(
    folders.map(async (folder) => {
      const files: NamedFile[] = [];
      await walk(folder, '', files, found);
      return { name: folder.name, files };
    }),
  ).then((dropped) => ({ loose, folders: dropped }));
}

async function walk(
  folder: FileSystemDirectoryEntry,
  inside: string,
  files: NamedFile[],
  found: () => void,
): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // A browser tells a hundred entries at a time, and none at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries) {
      const name = `${inside}${entry.name}`;
      if (HIDDEN.test(name)) continue;
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, `${name}/`, files, found);
      else {
        const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
        files.push({ name, file });
        found();
      }
    }
  }
}

/** Takes a file that is held over a place, also while the page takes none: whatever is let go there is answered. */
export function holdFile(event: {
  dataTransfer: Pick<DataTransfer, 'types' | 'dropEffect'>;
  preventDefault(): void;
  stopPropagation(): void;
}): void {
  if (!event.dataTransfer.types.includes('Files')) return;
  event.preventDefault();
  event.stopPropagation();
  event.dataTransfer.dropEffect = 'copy';
}

/** Whether what is held is one picture, as far as a browser tells before it is let go: how many, and of which types. A folder has none. */
export function heldPicture(data: { items: Iterable<Pick<DataTransferItem, 'kind' | 'type'>> }): boolean {
  const [item, another] = data.items;
  return item?.kind === 'file' && another === undefined && HELD_TYPES.has(item.type);
}

/** The picture of a drop that is one picture and nothing else; null of any other. */
export function droppedPicture(data: Pick<DataTransfer, 'files'> | null): File | null {
  const [file, another] = data?.files ?? [];
  return file && !another && isPhoto(file.name) ? file : null;
}
