import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { DELIVERY_STATES, type Delivery, type DeliveryState } from '#shared/delivery';
import { delivery, PLATFORMS } from '../../fixtures/renderer/mock-station.ts';

vi.mock('../../../src/renderer/bridge.ts', () => ({ bridge: { connection: () => ({ state: 'open' }) } }));

import { startI18n } from '../../../src/renderer/i18n/index.ts';
import { Receipt } from '../../../src/renderer/screens/receipt.tsx';

const platform = PLATFORMS.find((one) => one.id === 'senselink') ?? null;

function receipt(state: DeliveryState, more: Partial<Delivery> = {}): string {
  return renderToStaticMarkup(
    <Receipt delivery={delivery('senselink', state, more)} platform={platform} name="Anna Lim" code="TP1" />,
  );
}

beforeAll(async () => {
  await startI18n('en');
});

describe('Receipt', () => {
  it.each(DELIVERY_STATES)('shows %s by attribute and in words', (state) => {
    const html = receipt(state);
    expect(html).toContain(`data-testid="receipt-senselink" data-state="${state}"`);
    expect(html).toContain('SenseLink Enterprise');
    expect(html).not.toMatch(/receipts[:.]|state\./);
  });

  it('offers a retry exactly where one makes sense', () => {
    const offered = DELIVERY_STATES.filter((state) => receipt(state).includes('data-testid="retry"'));
    expect(offered).toEqual(['waiting', 'refused', 'abandoned']);
  });

  it('says what a refusal means, with the platform’s own code and message', () => {
    const html = receipt('refused', { error: { kind: 'quality', code: '10404', message: 'brightness' } });
    expect(html).toContain('Does not accept the picture: the light is not right.');
    expect(html).toContain('<code>10404</code> brightness');
  });

  it('asks the platform’s question, with force only where it is allowed', () => {
    const question = { kind: 'similar' as const, candidate: { name: 'Anna Lin' }, canForce: true };
    expect(receipt('asking', { question })).toContain('Anna Lin');
    expect(receipt('asking', { question })).toContain('data-testid="answer-force"');
    expect(receipt('asking', { question: { ...question, canForce: false } })).not.toContain('answer-force');
    expect(receipt('delivered', { question })).not.toContain('answer-stop');
  });

  it('shows the person’s id, the step under way and warnings', () => {
    expect(receipt('delivered', { personId: 'P-77' })).toContain('P-77');
    const step = { name: 'qualityJudge', startedAt: 1, endedAt: null, outcome: 'running' as const, code: null };
    expect(receipt('running', { steps: [step] })).toContain('Step: qualityJudge');
    expect(receipt('delivered', { steps: [step] })).not.toContain('qualityJudge');
    expect(receipt('delivered', { warnings: ['3651'] })).toContain('Note: 3651');
  });

  it('tells an accepted person whom no door knows yet apart from one who can go in', () => {
    const pending = receipt('delivered', {
      door: 'pending',
      doorDetail: 'waiting at 2 of 5',
      nextCheckAt: Date.now() + 40_000,
    });
    expect(pending).toContain('data-look="door-pending"');
    expect(pending).toContain('Enrolled, not on the door yet');
    expect(pending).toContain('waiting at 2 of 5');
    expect(pending).toMatch(/Looked at again in \d+ seconds/);
    expect(receipt('verified', { door: 'applied' })).toContain('Enrolled and confirmed');
    const missing = receipt('delivered', { error: { kind: 'protocol', code: 'no-photo', message: 'm' } });
    expect(missing).toContain('data-look="not-seen"');
    expect(missing).toContain('Shows the person without a picture');
  });

  it('can be given up exactly while something would still be sent, or was refused', () => {
    const offered = DELIVERY_STATES.filter((state) => receipt(state).includes('data-testid="stop"'));
    expect(offered).toEqual(['queued', 'waiting', 'refused']);
  });

  it('shows both people of a question side by side', () => {
    const html = receipt('asking', {
      question: { kind: 'similar', candidate: { name: 'Anna Lin', code: 'TP9', personId: '77' }, canForce: true },
    });
    for (const part of ['To be enrolled', 'Anna Lim', 'TP1', 'Known there', 'Anna Lin', 'TP9', '77'])
      expect(html).toContain(part);
  });

  it('does not take a message for markup', () => {
    const html = receipt('refused', { error: { kind: 'protocol', code: 'html', message: '<img src=x>' } });
    expect(html).not.toContain('<img');
  });
});
