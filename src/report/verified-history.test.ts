import { describe, expect, it } from 'vitest'
import { verifyDocument, verifyText, type VerifiedHistory } from './verified-history.js'

const verifiedBy = (promisedBy: readonly string[]): VerifiedHistory => {
  const finding = { anomaly: 'lost', rule: 'r', message: 'm', records: [1], evidence: [1], count: 7 }
  const claim = (guarantee: string, verdict: string, promised: boolean) => ({
    ...{ guarantee, at: 'state', verdict, promised },
    ...{ beyond: [], anomalies: {}, findings: verdict === 'violated' ? [finding] : [] },
  })
  return {
    ...{ path: 'h.jsonl', promisedBy, refused: undefined, unknown: new Map(), lines: [4] },
    header: { scenario: 's', origin: 'recorded', mode: 'aligned' },
    counts: { emitted: 0, processed: 0, written: 0, visible: 0, duplicated: 0, lost: 0, keyedStateMaxError: 0, checkpointsCompleted: 0 },
    verdict: {
      ...{
        verdict: 'violated',
        points: [],
        protocol: [],
        cut: { verdict: 'holds' },
        progress: { verdict: 'holds', findings: [] },
        preconditionsBroken: [],
      },
      claims: [claim('exactly-once', 'violated', promisedBy.length > 0), claim('at-most-once', 'holds', false)],
    },
  } as unknown as VerifiedHistory
}

describe('a verified history', () => {
  it('shows what holds besides only where nobody promises anything', () => {
    expect(verifyText(verifiedBy(['summary.json'])).join('\n')).not.toContain('at-most-once at state')
    expect(verifyText(verifiedBy([])).join('\n')).toContain('at-most-once at state')
  })
  it('counts all that a finding stands for, not only the records it names', () => {
    expect(verifyDocument(verifiedBy([])).claims[0]?.findings).toEqual([expect.objectContaining({ records: [1], count: 7, lines: [4] })])
  })
})
