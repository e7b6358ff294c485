import { describe, expect, it, vi } from 'vitest'
import { scenarios, wordCount } from '../../../scenarios/index.js'
import { FingerprintTable } from '../../check/fingerprint-table.js'
import type { DeliveryPromise } from '../../history/index.js'
import type { Mode, Scenario } from '../scenario.js'
import { checkScope } from './check-scope.js'
import { parseReductions, type ReductionName } from './reductions.js'
import { replayWay } from './replay-way.js'
import { parseScope } from './scope.js'
import type { ScopedCheck } from './scope-exploration.js'
import { parseWayToken } from './way-token.js'

const TIMEOUT_MS = 120_000

const FAST: readonly ReductionName[] = ['systems', 'inline-state', 'credits']

function named(name: string): Scenario {
  return scenarios.find((scenario) => scenario.name === name) ?? wordCount
}

function checking(name: string, scope: string, reductions = FAST, mode: Mode = 'aligned'): ScopedCheck {
  return { scenario: named(name), mode, scope: parseScope(scope), reductions }
}

/** The scenario under another promise. */
function claiming(name: string, ...claims: readonly DeliveryPromise[]): Scenario {
  return { ...named(name), claims: () => claims }
}

describe('a scenario within a scope', { timeout: TIMEOUT_MS }, () => {
  it.each([
    ['kafka-to-kafka-exactly-once', 826],
    ['kafka-to-kafka-at-least-once', 818],
    ['file-to-file', 706],
    ['session-windows', 1054],
  ] as const)('holds in all states: %s, one record, one checkpoint, no fault: %i states', (name, distinct) => {
    const checked = checkScope(checking(name, 'records=1'))
    expect(checked).toMatchObject({ verdict: 'holds', because: [], exhausted: true, distinct })
    expect(checked.sometimes.filter(({ seen }) => seen).map((fact) => fact.name)).toEqual(['finished', 'checkpoint completed'])
  })

  it('has the same outputs, in more states, the less is left out', () => {
    const count = (reductions: string): [number, readonly string[], readonly string[]] => {
      const scope = parseScope('records=1')
      const { distinct, outputs, because } = checkScope(
        checking('kafka-to-kafka-exactly-once', 'records=1', parseReductions(reductions, scope)),
      )
      return [distinct, outputs, because]
    }
    const outputs = ['Sink: Writer read_committed 1352817840229638: w0=1']
    const hunt = 'systems is a bug hunt without inline-state: it leaves out what may matter'
    expect(count('systems,credits')).toEqual([826, outputs, [hunt]])
    expect(count('systems')).toEqual([993, outputs, [hunt]])
    expect(count('answers,credits')).toEqual([1298, outputs, []])
  })

  it('is incomplete where a bound is hit, whatever it has seen', () => {
    const checked = checkScope(checking('file-to-file', 'records=1'), { states: 100 })
    expect(checked).toMatchObject({ verdict: 'incomplete', exhausted: false })
    expect(checked.because).toEqual(['not all states were seen: 100 states', 'never seen: finished', 'never seen: checkpoint completed'])
    expect(checkScope(checking('kafka-to-kafka-exactly-once', 'checkpoints=2'), { seconds: 0.05 })).toMatchObject({
      verdict: 'incomplete',
      exhausted: false,
    })
  })

  it('shows that every way ends, where it is asked', () => {
    const checked = checkScope(checking('file-to-file', 'crashes=1'), { liveness: true })
    expect(checked).toMatchObject({ verdict: 'holds', exhausted: true, endless: 0 })
    const alone = checkScope(checking('file-to-file', 'crashes=1'))
    expect([checked.distinct, checked.generated, checked.depth]).toEqual([alone.distinct, alone.generated, alone.depth])
    expect(alone.endless).toBeUndefined()
  })

  it('is never more than incomplete where a reduction is a hunt', () => {
    const checked = checkScope(checking('file-to-file', 'records=1', [...FAST, 'rpcs']))
    expect(checked).toMatchObject({ verdict: 'incomplete', exhausted: true })
    expect(checked.because).toEqual(['rpcs is a bug hunt: it leaves out what may matter'])
  })

  it('has fewer states and the same outputs where crash and restart are one step, and shows less', () => {
    const reductions: readonly ReductionName[] = ['systems', 'inline-state', 'mails', 'credits']
    const separate = checkScope(checking('file-to-file', 'crashes=1', reductions))
    const atomic = checkScope(checking('file-to-file', 'crashes=1', [...reductions, 'atomic-restart']))
    expect(separate).toMatchObject({ verdict: 'holds', distinct: 61_979, generated: 336_075, terminals: 14, depth: 96 })
    expect(atomic).toMatchObject({ verdict: 'incomplete', distinct: 61_705, generated: 335_200, terminals: 14, depth: 95 })
    expect(atomic.because).toEqual(['atomic-restart is a bug hunt: it leaves out what may matter'])
    expect(atomic.outputs).toEqual(separate.outputs)
  })

  it('is told with a restart as a step of its own, also where it was none', () => {
    const scenario = claiming('kafka-to-kafka-at-least-once', { guarantee: 'exactly-once', at: 'read_committed' })
    const reductions: readonly ReductionName[] = [...FAST, 'rpcs', 'atomic-restart']
    const { violation } = checkScope({ scenario, mode: 'aligned', scope: parseScope('crashes=1'), reductions })
    const { token = '', reason, steps = [], path = [] } = violation ?? {}
    expect(reason).toMatch(/^duplicated: /)
    expect(path.some(({ action }) => action.startsWith('start of process'))).toBe(false)
    expect(steps.filter(({ action }) => action === 'start of process TaskManager-0')).toHaveLength(1)
    expect(replayWay(scenario, parseWayToken(token))).toMatchObject({ verdict: 'violated', reason, deterministic: true })
  })

  it('is violated where more is claimed than holds, with the way there, which the world takes again', () => {
    const promise = { guarantee: 'exactly-once', at: 'read_committed' } as const
    const scenario = claiming('kafka-to-kafka-at-least-once', promise)
    const checked = checkScope({ scenario, mode: 'aligned', scope: parseScope('crashes=1'), reductions: [...FAST, 'rpcs'] })
    expect(checked.verdict).toBe('violated')
    expect(checked.because[0]).toMatch(/^duplicated: record .* is visible twice \(read_committed\)$/)
    const { path = [] } = checked.violation ?? {}
    expect(path[0]?.action).toBe('set up')
    expect(path.filter(({ action, answers }) => action.startsWith('crash') || answers.join().includes('dies'))).toHaveLength(1)

    const { token = '', steps = [], reason } = checked.violation ?? {}
    const again = replayWay(scenario, parseWayToken(token))
    expect(again).toMatchObject({ verdict: 'violated', reason, deterministic: true, steps: steps.length })
    expect(again.path).toEqual(steps)
    expect(steps.length).toBeGreaterThan(path.length)
    // Another job does not go this way, and says where.
    const other = replayWay(claiming('kafka-to-kafka-exactly-once', promise), parseWayToken(token))
    expect(other.verdict).toBe('incomplete')
    expect(other.path.length).toBeLessThan(steps.length)
    expect(other.possible?.length).toBeGreaterThan(0)
  })

  it('has the same states by content and with other fingerprints', () => {
    const checked = checking('file-to-file', 'checkpoints=1', FAST)
    const expected = checkScope(checked)
    const exact = checkScope(checked, { exact: true, secondSeed: true })
    const { distinct, generated, depth, terminals } = expected
    expect(exact).toMatchObject({ verdict: 'holds', distinct, generated, depth, terminals, collisionProbability: 0, exact: true })
    expect(exact.secondSeed).toEqual({ distinct, generated, exhausted: true, equal: true })
    expect(expected).toMatchObject({ exact: false })
    expect(expected.secondSeed).toBeUndefined()
  })

  it('is incomplete where states are taken for one, which other fingerprints or whole states tell', () => {
    const checked = checking('file-to-file', 'checkpoints=1', FAST)
    const { distinct } = checkScope(checked)
    const { add } = FingerprintTable.prototype
    const careless = vi.spyOn(FingerprintTable.prototype, 'add').mockImplementation(function (this: FingerprintTable, high: number) {
      return add.call(this, high & 0xff, 0)
    })
    const { verdict, because, secondSeed } = checkScope(checked, { secondSeed: true })
    const exact = checkScope(checked, { exact: true })
    careless.mockRestore()
    expect([verdict, secondSeed?.equal]).toEqual(['incomplete', false])
    expect(because.join()).toContain('states were taken for one: other fingerprints give ')
    expect(exact.distinct).toBe(distinct)
  })

  it('shows duplicates and loses nothing where at-least-once is claimed', () => {
    const reductions: readonly ReductionName[] = [...FAST, 'rpcs']
    const { because, sometimes, exhausted } = checkScope(checking('kafka-to-kafka-at-least-once', 'crashes=1', reductions))
    expect(because).toEqual(['rpcs is a bug hunt: it leaves out what may matter'])
    expect(exhausted).toBe(true)
    expect(sometimes.filter(({ seen }) => seen).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['finished', 'checkpoint completed', 'restored after a crash', 'duplicates visible']),
    )
  })
})
