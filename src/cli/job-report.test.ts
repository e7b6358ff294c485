import { describe, expect, it } from 'vitest'
import { combinationsOf, effectiveConfiguration, guessRoles, readRestFolder, readSetOption } from '../flink/index.js'
import { adviceOn } from './job-report.js'

/** What is said of a recorded job under these keys alone. */
function adviceUnder(...keys: string[]): string[] {
  const { plan } = readRestFolder('test/fixtures/rest/eo-aligned-2pc')
  return adviceOn(combinationsOf(plan.name, guessRoles(plan), effectiveConfiguration(keys.map(readSetOption)).settings).combinations)
}

const RESTARTS = 'restart-strategy.type=fixed-delay'

describe('what a user must know', () => {
  it('is said once where more is assumed and nothing else follows', () => {
    const told = adviceUnder('execution.checkpointing.interval=10 s', RESTARTS)
    expect(told.filter((line) => line.includes('it goes on with what comes next'))).toHaveLength(1)
    expect(told.filter((line) => line.includes('is read again'))).toHaveLength(1)
  })

  it('is said again where something else is assumed from which the same follows', () => {
    // Without checkpoints a queue acknowledges on delivery: what it had given is lost, as with a socket.
    const lost = adviceUnder(RESTARTS).filter((line) => line.includes('it goes on with what comes next'))
    expect(lost.map((line) => line.slice(0, line.indexOf(': ', 12)))).toEqual([
      "if 'Source: Src' does not replay",
      "if 'Source: Src' delivers again what was not acknowledged",
    ])
  })
})
