import { useTranslation } from '../i18n/index.ts';
import { formatGateTime, formatScore } from '../lib/format.ts';
import { useGates } from '../stores/gates.ts';
import styles from './gate-proof.module.css';
import { Icon } from './icons.tsx';

/** The last proof that an enrolment worked: the first time that a door knew the face. Nothing as long as none did. */
export function GateProofLine({ delivery }: { delivery: string }) {
  const { t, i18n } = useTranslation('gates');
  const proof = useGates((state) => state.proofs[delivery] ?? null);
  // The region is there before its words are, so that they are read out when they come.
  return (
    <div role="status">
      {proof && (
        <p className={styles.proof} data-testid="gate-proof">
          <Icon name="check-double" />
          <span>
            {t(proof.gate === null ? 'recognised.somewhere' : 'recognised.at', {
              gate: proof.gate ?? '',
              time: formatGateTime(proof.at, Date.now(), i18n.locale),
            })}
            {proof.similarity !== null && t('recognised.score', { score: formatScore(proof.similarity, i18n.locale) })}
          </span>
        </p>
      )}
    </div>
  );
}
