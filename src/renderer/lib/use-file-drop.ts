import { useEffect, useRef, useState } from 'react';

/** What was dropped: one file, or something that is not. */
export type Dropped = { file: File } | { problem: 'several' | 'folder' };

/** What of a drop can be used; null where it holds no file (text, a link). A folder looks like a file until its entry is asked. */
export function droppedIn(data: Pick<DataTransfer, 'files' | 'items'> | null): Dropped | null {
  const [file, another] = data?.files ?? [];
  if (!data || !file) return null;
  if (another) return { problem: 'several' };
  const entry = [...data.items].find(({ kind }) => kind === 'file')?.webkitGetAsEntry();
  return entry?.isDirectory ? { problem: 'folder' } : { file };
}

/** Takes what is dropped anywhere on the window; tells whether something is being dragged over it. */
export function useFileDrop(onDrop: (dropped: Dropped) => void, enabled: boolean): boolean {
  const [dragging, setDragging] = useState(false);
  const take = useRef(onDrop);
  useEffect(() => {
    take.current = onDrop;
  });
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (enabled && event.dataTransfer?.types.includes('Files')) setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      setDragging(false);
      const dropped = droppedIn(event.dataTransfer);
      if (enabled && dropped) take.current(dropped);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [enabled]);
  return dragging;
}

/** Keeps the browser from leaving the page for a file that is dropped on it, on any screen. */
export function useKeepPageOnDrop(): void {
  useEffect(() => {
    const keep = (event: DragEvent) => event.preventDefault();
    window.addEventListener('dragover', keep);
    window.addEventListener('drop', keep);
    return () => {
      window.removeEventListener('dragover', keep);
      window.removeEventListener('drop', keep);
    };
  }, []);
}
