import { useEffect, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { ImportRow } from '#shared/calls/import';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icons.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useImportRows } from '../../stores/import-rows.ts';
import { alikeOf } from '../../stores/import-state.ts';
import styles from './rows.module.css';

/** Rows that look like one person twice, side by side, and what somebody says of them. */
export function Alike({
  row,
  changeable,
  busy,
  onDecide,
}: {
  row: ImportRow;
  changeable: boolean;
  busy: boolean;
  onDecide(line: number, decision: 'out' | 'back' | 'apart', others: readonly number[], shown: readonly number[]): void;
}) {
  const { t } = useTranslation('import');
  const alike = alikeOf(row);
  const others = useOthers(alike?.lines ?? [], row.verdict);
  if (alike === null) return null;
  const { kind, lines, out } = alike;
  const decide =
    (line: number, decision: 'out' | 'back' | 'apart', whom: readonly number[] = []) =>
    () =>
      onDecide(line, decision, whom, [row.line, ...lines]);
  return (
    <section className={styles.alike} aria-labelledby="alike" data-testid="alike" data-kind={kind}>
      <h3 id="alike">{t('alike.title')}</h3>
      <p className={styles.hint}>{t(`alike.${kind}`)}</p>
      {lines.length > 0 && (
        <ul className={styles.pair}>
          <Side row={row} title={t('alike.this')} />
          {others.map((other) => (
            <Side key={other.line} row={other} title={t('alike.other', { line: other.line })} />
          ))}
        </ul>
      )}
      {!changeable ? (
        <p className={styles.hint}>{t('alike.busy')}</p>
      ) : (
        <div className={styles.choices}>
          {out ? (
            <Button icon="arrow-left" data-testid="decide-back" busy={busy} onClick={decide(row.line, 'back')}>
              {t('alike.back')}
            </Button>
          ) : (
            <>
              {kind !== 'code' && (
                <Button icon="people" data-testid="decide-apart" busy={busy} onClick={decide(row.line, 'apart', lines)}>
                  {kind === 'known' ? t('alike.apartKnown') : t('alike.apart')}
                </Button>
              )}
              {[row.line, ...lines].map((line) => (
                <Button
                  key={line}
                  icon="cross"
                  data-testid={`decide-out-${line}`}
                  busy={busy}
                  onClick={decide(line, 'out')}
                >
                  {t('alike.leaveThis', { line })}
                </Button>
              ))}
            </>
          )}
        </div>
      )}
      {kind === 'code' && !out && <p className={styles.hint}>{t('alike.sameCode')}</p>}
    </section>
  );
}

function Side({ row, title }: { row: ImportRow; title: string }) {
  const { t } = useTranslation('import');
  const thumb = useImportRows((state) => state.thumbs.get(row.line));
  return (
    <li>
      <span className={styles.portrait} data-none={!thumb || undefined}>
        {thumb ? (
          <img src={thumb} alt={t('table.photoOf', { name: row.name || row.code })} />
        ) : (
          <Icon name="camera-off" size="l" />
        )}
      </span>
      <span className={styles.side}>
        <strong>{title}</strong>
        <span>{row.name || t('table.noName')}</span>
        <span className={styles.code}>
          {row.code} · {t(`verdict.${row.verdict}`)}
        </span>
      </span>
    </li>
  );
}

/** The other rows, wherever in the table they are; asked for again when this one's verdict changes. */
function useOthers(lines: readonly number[], verdict: ImportRow['verdict']): readonly ImportRow[] {
  const { id, look } = useImportRows(useShallow(({ id, look }) => ({ id, look })));
  const [rows, setRows] = useState<readonly ImportRow[]>([]);
  const key = lines.join();
  useEffect(() => {
    let wanted = id !== null && key !== '' && verdict !== 'new';
    if (wanted) void look(key.split(',').map(Number)).then((found) => wanted && setRows(found));
    return () => {
      wanted = false;
    };
  }, [id, key, look, verdict]);
  return key === '' ? [] : rows;
}
