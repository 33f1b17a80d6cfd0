import { useState } from 'react';
import type { Question as Asked } from '#shared/delivery';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icons.tsx';
import { PinDialog } from '../components/pin-dialog.tsx';
import { useTranslation } from '../i18n/index.ts';
import { isPinFault } from '../lib/fault.ts';
import { useFaces } from '../lib/use-faces.ts';
import { useDeliveries } from '../stores/deliveries.ts';
import { usePin } from '../stores/pin.ts';
import { useSession } from '../stores/session.ts';
import styles from './receipt-question.module.css';

/** What a platform wants decided: who is to be enrolled beside whom it knows, and the answers it takes. */
export function Question({
  delivery,
  question,
  busy,
  name,
  code,
}: {
  delivery: string;
  question: Asked;
  busy: boolean;
  name: string;
  code: string;
}) {
  const { t } = useTranslation('receipts');
  const [pinAsked, setPinAsked] = useState(false);
  const answer = useDeliveries((state) => state.answer);
  const { load, takeFault } = usePin.getState();

  async function force(): Promise<void> {
    // The PIN may have been set since this page was loaded.
    await load();
    if (usePin.getState().set) return setPinAsked(true);
    const fault = await answer(delivery, 'force');
    if (fault && isPinFault(fault)) setPinAsked(true);
  }

  return (
    <div className={styles.question} data-question>
      <p className={styles.title}>{t(`question.${question.kind}`)}</p>
      <Faces delivery={delivery} question={question} name={name} code={code} />
      {!question.canForce && <p>{t('question.noForce')}</p>}
      <div className={styles.buttons}>
        {question.canForce && (
          <Button variant="primary" busy={busy} data-testid="answer-force" onClick={() => void force()}>
            {question.kind === 'exists' ? t('question.update') : t('question.force')}
          </Button>
        )}
        <Button busy={busy} data-testid="answer-stop" onClick={() => void answer(delivery, 'stop')}>
          {t('question.stop')}
        </Button>
      </div>
      <PinDialog
        open={pinAsked}
        title={t('question.pinTitle')}
        body={t('question.pinBody')}
        label={t('question.pinLabel')}
        submit={question.kind === 'exists' ? t('question.update') : t('question.force')}
        onClose={() => setPinAsked(false)}
        onPin={async (pin) => {
          const fault = await answer(delivery, 'force', pin);
          if (fault) takeFault(fault);
          // What is not about the PIN is said on the receipt.
          if (!fault || !isPinFault(fault)) setPinAsked(false);
          return fault;
        }}
      />
    </div>
  );
}

/** Both people side by side: the picture taken here, and the one the platform keeps of the other with what it tells of them. */
function Faces({ delivery, question, name, code }: { delivery: string; question: Asked; name: string; code: string }) {
  const { t } = useTranslation('receipts');
  const preview = useSession(({ photo, ownDraft }) =>
    ownDraft && photo.status === 'checked' ? photo.previewUrl : null,
  );
  const faces = useFaces(delivery);
  const own = preview ?? faces.own;
  const { candidate } = question;
  const otherName = candidate.name ?? t('question.unnamed');
  return (
    <div className={styles.faces}>
      <figure className={styles.face}>
        {own ? <img src={own} alt={t('question.ownPhoto', { name })} /> : <NoFace />}
        <figcaption>
          <span className={styles.role}>{t('question.own')}</span>
          <strong>{name}</strong>
          <span className={styles.small}>{code}</span>
        </figcaption>
      </figure>
      <figure className={styles.face}>
        {faces.other ? (
          <img src={faces.other} alt={t('question.otherPhoto', { name: otherName })} data-testid="other-face" />
        ) : (
          <NoFace />
        )}
        <figcaption>
          <span className={styles.role}>{t('question.other')}</span>
          <strong>{otherName}</strong>
          {candidate.code && <span className={styles.small}>{candidate.code}</span>}
          {candidate.personId && candidate.personId !== candidate.code && (
            <span className={styles.small}>{candidate.personId}</span>
          )}
          {faces.state !== 'shown' && (
            <span className={styles.small} role="status">
              {t(`question.picture.${faces.state}`)}
            </span>
          )}
        </figcaption>
      </figure>
    </div>
  );
}

function NoFace() {
  return (
    <span className={styles.noFace}>
      <Icon name="person" size="xl" />
    </span>
  );
}
