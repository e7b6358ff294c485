import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { inserted, is } from './hand-made-changes.js'
import { at, events, goodRun, SIMULATED_JOB, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

/** Transactions of checkpoints 2 and 3 of the good run, in their order. */
function lastTwo(facts: readonly HistoryFact[]): string[] {
  return facts.flatMap((fact) => (fact.kind === 'pre-commit' ? [fact.transaction] : [])).slice(-2)
}

/** The good run with the sink's end of input, and the commits of these transactions asked for before checkpoint 3 has completed. */
function commitsBefore3(transactions: readonly string[], end: HistoryFact): HistoryFact[] {
  const run = inserted(goodRun(), is('checkpoint-triggered', 3), end)
  const isEarly = (fact: HistoryFact): boolean =>
    (fact.kind === 'commit' || fact.kind === 'commit-requested') && transactions.includes(fact.transaction)
  return inserted(
    run.filter((fact) => !isEarly(fact)),
    is('checkpoint-completed', 3),
    ...run.filter(isEarly),
  )
}

function premature(facts: readonly HistoryFact[], header = SMALL_JOB): number {
  return judge(header, events(facts)).protocol.filter(({ rule }) => rule === 'commit-after-completion').length
}

describe('commits after the end of the input', () => {
  const [second = '', third = ''] = lastTwo(goodRun())
  const end: HistoryFact = { kind: 'end-of-input', ...at('Sink', 0, 1) }

  it('come with whatever completion the committer is told of next: a hole of Flink', () => {
    expect(premature(commitsBefore3([second, third], end))).toBe(0)
    expect(premature(commitsBefore3([second, third], end), SIMULATED_JOB)).toBe(1)
  })

  it('do not come by themselves: of every completion until then the committer had been told before the end', () => {
    expect(premature(commitsBefore3([third], end))).toBe(1)
    expect(premature(commitsBefore3([third], { ...end, attempt: 0 }))).toBe(1)
  })

  it('do not come with the completion that the attempt was restored from', () => {
    const facts = commitsBefore3([second, third], end).filter((fact) => !is('checkpoint-completed', 2)(fact))
    expect(premature(facts)).toBe(2)
  })
})
