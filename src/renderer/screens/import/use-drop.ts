import { useEffect, useState } from 'react';
import { droppedFiles } from '../../lib/import-files.ts';
import { useImport } from '../../stores/import.ts';
import { isWorking } from '../../stores/import-state.ts';

/** `no`: files are held over the page, but nothing can be taken while the import is at work. */
export type Dragging = 'yes' | 'no' | null;

/** Takes whatever is dropped on the window, while nothing is at work. */
export function useDrop(): Dragging {
  const [dragging, setDragging] = useState<Dragging>(null);
  const take = useImport((state) => state.take);
  useEffect(() => {
    const able = () => {
      const { view, busy } = useImport.getState();
      return busy === null && !(view && isWorking(view.progress));
    };
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      setDragging(able() ? 'yes' : 'no');
      if (!able()) event.dataTransfer.dropEffect = 'none';
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(null);
    };
    // Also of what a row takes for itself and passes on to nobody.
    const ended = () => setDragging(null);
    const drop = (event: DragEvent) => {
      const { dataTransfer } = event;
      // Its files are there during this event alone, so that the listing begins at once.
      if (able() && dataTransfer?.types.includes('Files')) void take((watch) => droppedFiles(dataTransfer, watch));
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', ended, true);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', ended, true);
      window.removeEventListener('drop', drop);
    };
  }, [take]);
  return dragging;
}
