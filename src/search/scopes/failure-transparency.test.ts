/** A job whose records differ after a failure, in nothing that an oracle of records sees: only the outputs without faults tell. */
import { describe, expect, it } from 'vitest'
import { fileToFile } from '../../../scenarios/file-to-file.js'
import { exploreWorld } from '../../check/index.js'
import type { ChainedOperator, StreamRecord } from '../../engine/index.js'
import type { JobSetUp, Scenario } from '../scenario.js'
import { checkScope } from './check-scope.js'
import { checkScopes, compared } from './check-scopes.js'
import { parseReductions } from './reductions.js'
import { replayWay } from './replay-way.js'
import { exploredScope } from './scope-crew.js'
import { formatScope, parseScope } from './scope.js'
import { isNotTransparent } from './scope-fold.js'
import { formatWayToken, parseWayToken } from './way-token.js'

const scope = parseScope('crashes=1')
const reductions = parseReductions('systems,inline-state,mails,credits', scope)

/** Whoever is restarted writes it down in each record. */
const restless: Scenario = {
  ...fileToFile,
  setUp: (world, mode) => {
    const setUp: JobSetUp = fileToFile.setUp(world, mode)
    const vertices = setUp.graph.vertices.map((vertex) => ({ ...vertex, operators: vertex.operators.map(telling) }))
    return { ...setUp, graph: { ...setUp.graph, vertices } }
  },
}

function telling(operator: ChainedOperator): ChainedOperator {
  if (operator.uid !== 'map') return operator
  const { code } = operator
  const told = (record: StreamRecord, attempt: number): StreamRecord =>
    attempt === 0 ? record : { ...record, value: { key: 'again', at: 0 } }
  return {
    ...operator,
    code: {
      ...code,
      process: (state, record, input, context, keyed) => {
        code.process?.(state, told(record, context.attempt), input, context, keyed)
      },
    },
  }
}

describe('failure transparency', { timeout: 120_000 }, () => {
  const { verdict, checked, left } = checkScopes({ scenario: restless, mode: 'aligned', reductions }, [scope])
  const [shown] = checked

  it('is violated by an output that there is only with faults, which no other oracle sees', () => {
    expect([verdict, left]).toEqual(['violated', []])
    expect(shown).toMatchObject({ verdict: 'violated', transparent: false, exhausted: false })
    expect(shown?.because).toEqual([
      'failures are not transparent: only with faults the output is Sink: Writer finished-files 1352817840229638: AGAIN',
    ])
    // The same check without a look at the outputs without faults.
    const alone = checkScope({ scenario: restless, mode: 'aligned', scope, reductions })
    expect(alone).toMatchObject({ verdict: 'holds', exhausted: true })
    expect(alone.outputs).toHaveLength(2)
  })

  it('is told by the shortest way to such an end, which is gone again by its token', () => {
    const { token = '', steps = [], path = [], reason = '' } = shown?.violation ?? {}
    expect(isNotTransparent(reason)).toBe(true)
    expect(path.filter(({ action, answers }) => action.startsWith('crash') || answers.join().includes('dies'))).toHaveLength(1)
    expect(token).toMatch(/^mw1\.file-to-file\.aligned\.sources1-records1-checkpoints1-crashes1-inline-surplus\.\d+\./)
    const way = parseWayToken(token)
    expect(formatWayToken(way)).toBe(token)
    const again = replayWay(restless, way)
    expect(again).toMatchObject({ verdict: 'violated', reason, deterministic: true, path: steps })
    expect(formatScope(again.scope)).toBe(formatScope(scope))
  })

  it('is judged by each of several threads, which are told the outputs without faults', () => {
    const task = { source: { module: '', argument: {} }, scenario: 'file-to-file', mode: 'aligned', scope, reductions } as const
    const found = (transparentTo: readonly string[]) =>
      exploreWorld(exploredScope({ ...task, transparentTo }, restless).exploration).violation
    expect(found([])?.reason).toMatch(/is Sink: Writer finished-files \d+: W0$/)
    expect(found(['Sink: Writer finished-files 1352817840229638: W0'])?.reason).toBe(shown?.violation?.reason)
  })

  it('is not known where one of the two was not exhausted, and odd where an output is there only without faults', () => {
    const without = checkScope({ scenario: fileToFile, mode: 'aligned', scope: parseScope('records=1'), reductions })
    const because = ['not all states were seen: 1 seconds']
    expect(compared(without, without)).toMatchObject({ verdict: 'holds', transparent: true })
    const open = compared(without, { ...without, exhausted: false, verdict: 'incomplete', because })
    expect(open).toMatchObject({ verdict: 'incomplete' })
    expect(open.transparent).toBeUndefined()
    expect(open.because).toEqual(['outputs were not compared with those without faults: there, not all states were seen: 1 seconds'])
    const odd = compared({ ...without, outputs: [] }, without)
    expect(odd).toMatchObject({ verdict: 'incomplete', transparent: false })
    expect(odd.because.join()).toMatch(/^the search has missed ways: without faults the output is .* as well/)
    expect(compared({ ...without, exhausted: false, verdict: 'incomplete' }, without).transparent).toBeUndefined()
  })

  it('is not violated by the same way of a job that has the same output without faults', () => {
    const { token = '' } = shown?.violation ?? {}
    expect(replayWay(fileToFile, parseWayToken(token)).verdict).not.toBe('violated')
    const { checked: others } = checkScopes({ scenario: fileToFile, mode: 'aligned', reductions }, [scope])
    expect(others).toMatchObject([{ verdict: 'holds', transparent: true, terminals: 14 }])
  })
})
