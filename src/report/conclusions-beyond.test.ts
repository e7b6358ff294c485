import { expect, it } from 'vitest'
import { result } from '../../test/report/hand-made-results.js'
import { campaignText } from './campaign-text.js'
import { conclusionLines, type Conclusion } from './conclusions.js'

it('loss beyond a precondition is told although the duplicates beside it are there anyway', () => {
  const one: Conclusion = {
    ...{ of: 'Sink', at: 'log', guarantee: 'at-least-once', words: 'duplicates', condition: '', runs: 9, ofRuns: 9 },
    beyond: [{ precondition: 'transaction-timed-out', runs: 4, words: 'loss and duplicates', replay: 'mr1.x' }],
  }
  expect(conclusionLines([one])[1]).toBe('  duplicates, until a transaction times out before it is committed: then loss and duplicates')
})

it('the bound speaks of promised claims only', () => {
  const cells = result.cells.map((cell) => {
    const [claim] = cell.claims
    if (claim === undefined) return cell
    const held = { ...claim, verdict: 'holds', promised: true, upperBound: 0.01 } as const
    return { ...cell, verdict: 'holds', claims: [held, { ...held, promised: false, upperBound: 0.5 }] } as const
  })
  const text = campaignText({ ...result, verdict: 'holds', cells, violations: [] }).join('\n')
  expect(text).toMatch(/fails in fewer than 1(?:\.0+)? % of such runs/)
})
