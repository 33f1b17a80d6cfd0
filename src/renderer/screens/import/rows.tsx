import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useShallow } from 'zustand/react/shallow';
import type { ImportRow } from '#shared/calls/import';
import { Icon, type IconName } from '../../components/icons.tsx';
import { StateDot } from '../../components/state-mark.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { droppedPicture, heldPicture, holdFile } from '../../lib/import-files.ts';
import { importReasons } from '../../lib/import-words.ts';
import { rowForKey } from '../../lib/row-keys.ts';
import { usePlatformTitle } from '../../lib/use-platform-title.ts';
import { PAGE_ROWS, rowAt, useImportRows } from '../../stores/import-rows.ts';
import { useRowChange } from '../../stores/row-change.ts';
import { RowDialog } from './row-dialog.tsx';
import styles from './rows.module.css';

const VERDICT_LOOKS: Record<ImportRow['verdict'], { icon: IconName; tone: string }> = {
  new: { icon: 'clock', tone: 'info' },
  accepted: { icon: 'check', tone: 'good' },
  refused: { icon: 'cross', tone: 'bad' },
  skipped: { icon: 'check-double', tone: 'info' },
};

/** Pixels above and below what is seen whose rows are in the page too, and how many rows are asked for with them. */
const BUFFER = 480;
const AHEAD = 6;

/** The rows, as many of them in the page as can be seen. Arrow keys move, Enter opens. */
export function ImportRows({ changeable }: { changeable: boolean }) {
  const { t } = useTranslation('import');
  const scroller = useRef<HTMLDivElement>(null);
  const { total, see, renew } = useImportRows(useShallow(({ total, see, renew }) => ({ total, see, renew })));
  const count = total ?? 0;
  const [active, setActive] = useState(0);
  const [opened, setOpened] = useState<number | null>(null);
  const [picture, setPicture] = useState<File | null>(null);
  const list = useRef<VirtualizerHandle>(null);
  const places = useMemo(() => ({ length: count }), [count]);
  const [{ from, to }, setSeen] = useState({ from: 0, to: PAGE_ROWS });
  const look = (): void => {
    if (!list.current) return;
    const { scrollOffset, viewportSize } = list.current;
    const from = list.current.findItemIndex(scrollOffset);
    const to = list.current.findItemIndex(scrollOffset + viewportSize) + 1;
    setSeen((seen) => (seen.from === from && seen.to === to ? seen : { from, to }));
  };
  useEffect(() => {
    // A thumb flying by is not asked for: what is seen has to stay for a moment.
    const timer = setTimeout(() => void see(Math.max(0, from - AHEAD), to + AHEAD), 60);
    return () => clearTimeout(timer);
  }, [see, from, to]);
  const current = Math.min(active, Math.max(0, count - 1));

  const move = (next: number): void => {
    setActive(next);
    list.current?.scrollToIndex(next, { align: 'nearest' });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (count === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      setOpened(current);
      return;
    }
    const { viewportSize = 0, getItemSize } = list.current ?? {};
    const page = Math.max(1, Math.floor(viewportSize / (getItemSize?.(current) || 1)) - 1);
    const next = rowForKey(event.key, current, count, page);
    if (next === null) return;
    event.preventDefault();
    move(next);
  };

  return (
    <>
      <div
        ref={scroller}
        className={styles.scroller}
        role="listbox"
        tabIndex={0}
        aria-label={`${t('table.label')}. ${t('table.keys')}`}
        aria-activedescendant={count > 0 ? `import-row-${current}` : undefined}
        data-testid="rows"
        data-total={total ?? undefined}
        onKeyDown={onKey}
        onClick={(event) => {
          const place = placeOf(event.target);
          if (place === null) return;
          setActive(place);
          setOpened(place);
        }}
        onDragOver={(event) => {
          // At work the page takes nothing, and a row still takes its picture: it waits. Of anything else the page says why not.
          if (placeOf(event.target) !== null && heldPicture(event.dataTransfer)) holdFile(event);
        }}
        onDrop={(event) => {
          const place = placeOf(event.target);
          const file = droppedPicture(event.dataTransfer);
          if (place === null || file === null) return;
          // A picture on a row is for that row; anything else is for the page.
          event.preventDefault();
          event.stopPropagation();
          setActive(place);
          setPicture(file);
          setOpened(place);
        }}
      >
        {total === 0 && <p className={styles.nothing}>{t('empty.noRows')}</p>}
        <Virtualizer
          ref={list}
          data={places}
          bufferSize={BUFFER}
          // What the list names as its active row is in the page, wherever one has scrolled to.
          keepMounted={count > 0 ? [current] : []}
          onScroll={look}
          onResize={look}
        >
          {(_, place) => <Row key={place} place={place} count={count} active={place === current} />}
        </Virtualizer>
      </div>
      {opened !== null && (
        <RowDialog
          place={opened}
          count={count}
          changeable={changeable}
          picture={picture}
          onMove={(next) => {
            setPicture(null);
            setOpened(next);
            move(next);
          }}
          onClose={() => {
            setPicture(null);
            setOpened(null);
            useRowChange.setState({ done: null, failed: null });
            void renew();
            scroller.current?.focus({ preventScroll: true });
          }}
        />
      )}
    </>
  );
}

function Row({ place, count, active }: { place: number; count: number; active: boolean }) {
  const { t, i18n } = useTranslation('import');
  const row = useImportRows((state) => rowAt(state, place));
  const thumb = useImportRows((state) => (row ? state.thumbs.get(row.line) : undefined));
  const title = usePlatformTitle();
  const notes = row ? importReasons(i18n, [...row.reasons, ...row.warnings], title) : [];
  const [first, second, ...more] = notes;
  const look = VERDICT_LOOKS[row?.verdict ?? 'new'];
  return (
    <div
      id={`import-row-${place}`}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-setsize={count}
      aria-posinset={place + 1}
      className={styles.row}
      data-testid="row"
      data-line={row?.line}
      data-verdict={row?.verdict}
      data-active={active || undefined}
      data-place={place}
    >
      <span className={styles.line}>{row?.line ?? ''}</span>
      <span className={styles.thumb} data-none={thumb === null || undefined}>
        {thumb ? <img src={thumb} alt="" /> : <Icon name={thumb === null ? 'camera-off' : 'person'} />}
      </span>
      <span className={styles.who}>
        <span className={styles.name}>{row ? row.name || t('table.noName') : t('table.loading')}</span>
        <span className={styles.code}>{row?.code}</span>
      </span>
      <span className={styles.verdict} data-tone={look.tone}>
        {row && <Icon name={look.icon} />}
        <span>{row && t(`verdict.${row.verdict}`)}</span>
        <span className={styles.dots}>
          {row?.deliveries.map((delivery) => (
            <StateDot key={delivery.platform} delivery={delivery} />
          ))}
        </span>
      </span>
      <span className={styles.why}>
        {first && (
          <span>
            <span className={styles.note}>{first}</span>
          </span>
        )}
        {second && (
          <span>
            <span className={styles.note}>{second}</span>
            {more.length > 0 && <span className={styles.more}>{t('table.more', { count: more.length })}</span>}
          </span>
        )}
      </span>
    </div>
  );
}

function placeOf(target: EventTarget): number | null {
  const place = (target as HTMLElement).closest<HTMLElement>('[data-place]')?.dataset.place;
  return place === undefined ? null : Number(place);
}
