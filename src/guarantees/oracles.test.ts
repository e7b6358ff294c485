import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../history/index.js'
import { consistentCut } from './consistent-cut.js'
import { events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { STATE_ORACLES } from './keyed-state.js'
import type { Oracle, OracleVerdict } from './oracle.js'
import { OUTPUT_ORACLES } from './output.js'
import { progress } from './progress.js'
import { acknowledgements } from './protocol-acknowledgements.js'
import { arrivalsWereSent } from './protocol-arrivals.js'
import { attempts } from './protocol-attempts.js'
import { checkpointIds } from './protocol-checkpoint-ids.js'
import { checkpointOutcome } from './protocol-checkpoint-outcome.js'
import { completion } from './protocol-completion.js'
import { outputContent } from './protocol-content.js'
import { notifications } from './protocol-notifications.js'
import { recovery } from './protocol-recovery.js'
import { snapshotOrder } from './protocol-snapshots.js'
import { sourceOffsets } from './protocol-sources.js'
import { visibleOnlyCommitted } from './protocol-visibility.js'
import { restoredContents } from './restored-content.js'
import { snapshotContents } from './snapshot-content.js'
import { take } from './steps.js'

function run<S>(oracle: Oracle<S>, history: readonly HistoryEvent[], state = oracle.init(SMALL_JOB)): S {
  for (const event of history) take(oracle.step, state, event)
  return state
}

/** What every oracle keeps to, whatever it judges. */
function conforms<S>(oracle: Oracle<S>): void {
  describe(oracle.name, () => {
    const good = events(goodRun())
    const verdictOf = (history: readonly HistoryEvent[]): OracleVerdict => oracle.verdict(run(oracle, history))

    it('holds for the good run', () => {
      expect(verdictOf(good)).toEqual({ verdict: 'holds', findings: [] })
    })

    it('does not change its state when it gives its verdict', () => {
      const state = run(oracle, good)
      const before = structuredClone(state)
      oracle.verdict(state)
      expect(state).toEqual(before)
    })

    it('can be forked anywhere: its state is plain data', () => {
      const half = Math.floor(good.length / 2)
      const state = run(oracle, good.slice(0, half))
      const fork = structuredClone(state)
      run(oracle, good.slice(half), state)
      expect(run(oracle, good.slice(half), fork)).toEqual(state)
    })

    it('says the same twice', () => {
      expect(run(oracle, good)).toEqual(run(oracle, good))
    })
  })
}

for (const oracle of [...STATE_ORACLES, ...OUTPUT_ORACLES]) conforms(oracle)
conforms(progress)
conforms(consistentCut)
conforms(attempts)
conforms(arrivalsWereSent)
conforms(outputContent)
conforms(visibleOnlyCommitted)
conforms(checkpointIds)
conforms(checkpointOutcome)
conforms(snapshotOrder)
conforms(acknowledgements)
conforms(completion)
conforms(notifications)
conforms(recovery)
conforms(sourceOffsets)
conforms(snapshotContents)
conforms(restoredContents)
