import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { analyseOutput, outputFindings } from './output.js'
import { isPerfect } from './perfect-output.js'
import { createRunFacts, type RunFacts, RUN_FACT_STEPS } from './run-facts.js'
import { take } from './steps.js'

function factsOf(facts: readonly HistoryFact[]): RunFacts {
  const state = createRunFacts(SMALL_JOB)
  for (const event of events(facts)) take(RUN_FACT_STEPS, state, event)
  return state
}

/** The good run with one event left out, told twice, or told before the one before it. */
function variants(): HistoryFact[][] {
  const run = goodRun()
  return run.flatMap((fact, index) => {
    const before = run[index - 1]
    const swapped = before === undefined ? [] : [run.toSpliced(index - 1, 2, fact, before)]
    return [run.toSpliced(index, 1), run.toSpliced(index, 0, fact), ...swapped]
  })
}

describe('the short way to a perfect output', () => {
  const point = (facts: RunFacts) => facts.outputs.points[0]

  it('is taken for the good run', () => {
    const facts = factsOf(goodRun())
    const output = point(facts)
    expect(output !== undefined && isPerfect(facts, output)).toBe(true)
  })

  it('never leads past a finding: compared with the long way, over every omission, repetition and swap of the good run', () => {
    let withFindings = 0
    for (const variant of variants()) {
      const facts = factsOf(variant)
      const output = point(facts)
      if (output === undefined) throw new Error('no output')
      const found = analyseOutput(facts, output)
      if (found.length > 0) withFindings++
      expect(outputFindings(facts, output)).toEqual(found)
    }
    expect(withFindings).toBeGreaterThan(20)
  })
})
