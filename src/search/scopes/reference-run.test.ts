import { describe, expect, it } from 'vitest'
import { wordCount } from '../../../scenarios/index.js'
import { countOf, serveQueue, serveSocket } from '../../../test/connectors/connection-conformance.js'
import type { Scenario } from '../scenario.js'
import { checkScope } from './check-scope.js'
import { referenceRun } from './reference-run.js'
import { parseScope } from './scope.js'

const socket = countOf('socket', serveSocket, 'at-most-once')
const queue = countOf('queue', serveQueue, 'at-least-once')
const scope = parseScope('records=1')
const FAST = ['systems', 'inline-state', 'credits', 'mails'] as const

describe('what a job owes within a scope', () => {
  it('has a place for each record of a source whose positions are in checkpoints, and none for others', () => {
    const placesOf = (scenario: typeof socket) => referenceRun(scenario, 'aligned', scope).places.length
    expect([placesOf(wordCount) > 0, placesOf(socket)]).toEqual([true, 0])
    expect(referenceRun(socket, 'aligned', scope).operators.map(({ records }) => records.length > 0)).toEqual([true])
  })

  it.each([
    ['a socket', socket],
    ['a queue', queue],
  ] as const)('is owed without a cut of %s', (_, scenario) => {
    const checked = checkScope({ scenario, mode: 'aligned', scope, reductions: FAST })
    expect(checked).toMatchObject({ verdict: 'holds', because: [], exhausted: true })
    expect(checked.sometimes.find(({ name }) => name === 'checkpoint completed')?.seen).toBe(true)
  })

  it('has nothing against a state that absorbs again what a queue gives again; that it is visible twice is found', () => {
    const careless: Scenario = { ...queue, claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }] }
    const within = parseScope('records=2,checkpoints=2,crashes=1')
    const checked = checkScope({ scenario: careless, mode: 'aligned', scope: within, reductions: [...FAST, 'rpcs'] })
    expect(checked.violation?.reason).toMatch(/^duplicated: record .* is visible twice/)
  })
})
