import type { ReactNode } from 'react';
import type { PlatformView } from '#shared/contract';
import { useTranslation } from '../i18n/index.ts';
import { lookOf, type Told } from '../lib/delivery-look.ts';
import { Spinner } from './button.tsx';
import { Icon } from './icons.tsx';
import styles from './list.module.css';
import { LOOKS, StateMark } from './state-mark.tsx';

/** A list in a frame; `busy` while a newer one is asked for. */
export function List({ busy, children }: { busy?: boolean; children: ReactNode }) {
  return (
    <ul className={styles.list} aria-busy={busy}>
      {children}
    </ul>
  );
}

/** In a list's place while there is none: what that means, or (null) that it is being asked for. */
export function EmptyList({ children }: { children: ReactNode | null }) {
  return (
    <div className={styles.empty}>
      {children === null ? (
        <Spinner />
      ) : (
        <>
          <Icon name="people" size="xl" />
          <p>{children}</p>
        </>
      )}
    </div>
  );
}

/** An item about one platform: a mark, its name, a word, and what belongs to it. */
export function PlatformItem({
  testId,
  state,
  look,
  tone,
  mark,
  title,
  word,
  children,
}: {
  testId: string;
  state: string;
  look?: string;
  tone: string;
  mark: ReactNode;
  title: string;
  word: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className={styles.platform} data-testid={testId} data-state={state} data-look={look} data-tone={tone}>
      {mark}
      <div className={styles.body}>
        <div className={styles.line}>
          <h2 className={styles.title}>{title}</h2>
          {word}
        </div>
        {children}
      </div>
    </li>
  );
}

/** The same of a delivery there, with its state in words. */
export function DeliveryItem({
  testId,
  delivery,
  platform,
  children,
}: {
  testId: string;
  delivery: Told & { platform: string };
  platform: PlatformView | null;
  children: ReactNode;
}) {
  const { t } = useTranslation('receipts');
  const look = lookOf(delivery);
  return (
    <PlatformItem
      testId={testId}
      state={delivery.state}
      look={look}
      tone={LOOKS[look].tone}
      mark={<StateMark delivery={delivery} />}
      title={platform?.title ?? delivery.platform}
      word={
        <p className={styles.state} role="status">
          {t(`state.${look}`)}
        </p>
      }
    >
      {children}
    </PlatformItem>
  );
}
