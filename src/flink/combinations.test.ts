import { describe, expect, it } from 'vitest'
import { combinationsOf, mostCombinations } from './combinations.js'
import { effectiveConfiguration, readSetOption } from './configuration/index.js'
import { timeoutShorterThanAnOutage } from './job-model.js'
import { readPlan, readRestFolder } from './plan/index.js'
import { guessRoles, readAssumptions } from './roles/index.js'

const { settings } = effectiveConfiguration([readSetOption('execution.checkpointing.interval=10 s')])

function combos(folder: string, assume = '') {
  const { plan } = readRestFolder(`test/fixtures/rest/${folder}`)
  return combinationsOf(plan.name, guessRoles(plan, readAssumptions(assume, plan, 'assume.yaml')), settings)
}

describe('combinationsOf', () => {
  it('covers each possibility, the best guess first', () => {
    const { combinations, total, cut } = combos('alo-skew-append', 'userCode:\n  deterministic: true')
    expect(combinations.map((combination) => combination.condition)).toEqual([
      '',
      "'Sink: Writer' is NONE",
      "'Source: Src' does not replay",
      "'Source: Src' delivers again what was not acknowledged",
      "'Source: Src' does not replay; 'Sink: Writer' is NONE",
      "'Source: Src' delivers again what was not acknowledged; 'Sink: Writer' is NONE",
    ])
    expect(total).toBe(6)
    expect(cut).toBeUndefined()
  })
  it('asks for a transaction timeout only where there are transactions', () => {
    const answers = 'userCode: {deterministic: "true"}\nvertices:\n  "Source: Src": {replayable: "true"}'
    expect(combos('eo-aligned-2pc', answers).combinations.map((combination) => combination.condition)).toEqual([
      '',
      "the transactions of 'Sink: Writer' time out before an outage is over",
      "'Sink: Writer' is AT_LEAST_ONCE",
      "'Sink: Writer' is NONE",
    ])
  })
  it('has queues acknowledge on delivery where there are no checkpoints', () => {
    const { plan } = readRestFolder('test/fixtures/rest/alo-skew-append')
    const sourceUnder = (kind: string, keys: readonly string[]) => {
      const answers = `vertices:\n  "Source: Src": { kind: ${kind}, replayable: redelivers }`
      const roles = guessRoles(plan, readAssumptions(answers, plan, 'assume.yaml'))
      const { settings: under } = effectiveConfiguration(keys.map(readSetOption))
      return combinationsOf(plan.name, roles, under).combinations[0]?.model.operators[0]?.source
    }
    const on = ['execution.checkpointing.interval=10 s']
    expect(sourceUnder('queue', on)).toEqual({ kind: 'queue', replayable: 'redelivers' })
    expect(sourceUnder('queue', [])).toEqual({ kind: 'queue', replayable: false })
    expect(sourceUnder('collection', [])).toEqual({ kind: 'collection', replayable: 'redelivers' })
  })
  it('tells which one code that is not deterministic may be like', () => {
    const { combinations } = combos('alo-skew-append', 'vertices:\n  "Source: Src": {replayable: "true"}')
    expect(combinations.map(({ condition, mayBeLike }) => [condition, mayBeLike])).toEqual([
      ['', undefined],
      ["'Sink: Writer' is NONE", undefined],
      ['user code is not deterministic', ['']],
    ])
  })
  it('are all covered for jobs of the usual size: code that is not deterministic is one more, not twice as many', () => {
    const { combinations, total, cut } = combos('kafka-eo')
    // Three ways to be a source, four to be a sink.
    expect(total).toBe(3 * 4 + 1)
    expect(combinations).toHaveLength(total)
    expect(cut).toBeUndefined()
    expect(combinations.filter(({ condition }) => condition.includes('deterministic')).map(({ condition }) => condition)).toEqual([
      'user code is not deterministic',
    ])
  })
  it('tells what may happen as if less were assumed: outages and lost acknowledgements need not come', () => {
    const likesOf = (answers: string) =>
      new Map(combos('eo-aligned-2pc', answers).combinations.map(({ condition, mayBeLike }) => [condition, mayBeLike]))
    const timesOut = "the transactions of 'Sink: Writer' time out before an outage is over"
    const redelivers = "'Source: Src' delivers again what was not acknowledged"
    const likes = likesOf('userCode: {deterministic: "true"}')
    expect(likes.get(timesOut)).toEqual([''])
    expect(likes.get(`${redelivers}; ${timesOut}`)).toEqual([redelivers, timesOut, ''])
    const { plan } = readRestFolder('test/fixtures/rest/eo-aligned-2pc')
    const { settings: unchecked } = effectiveConfiguration([])
    const off = combinationsOf(plan.name, guessRoles(plan), unchecked).combinations
    expect(off.find(({ condition }) => condition === redelivers)).toMatchObject({ condition: redelivers })
    expect(off.find(({ condition }) => condition === redelivers)?.mayBeLike).toBeUndefined()
    for (const other of ["'Sink: Writer' is NONE", "'Source: Src' does not replay"]) expect(likes.get(other)).toBeUndefined()
  })
  it('changes with the committer of the plan', () => {
    const guarantees = (folder: string) =>
      new Set(
        combos(folder).combinations.flatMap(({ model }) =>
          model.operators.flatMap((operator) => (operator.sink === undefined ? [] : [operator.sink.guarantee])),
        ),
      )
    expect(guarantees('eo-aligned-2pc')).toContain('EXACTLY_ONCE')
    expect(guarantees('alo-skew-append')).not.toContain('EXACTLY_ONCE')
  })
  it('leaves one when everything is answered', () => {
    const answers =
      'userCode: {deterministic: "true"}\nvertices:\n  "Source: Src": {kind: kafka}\n  "Sink: Writer": {kind: kafka, guarantee: EXACTLY_ONCE, transactionTimeout: 15 min}'
    const { combinations } = combos('kafka-eo', answers)
    expect(combinations).toHaveLength(1)
    expect(combinations[0]?.model.operators.map(({ kind, source, sink }) => [kind, source ?? sink])).toEqual([
      ['source', { kind: 'kafka', replayable: true }],
      ['map', undefined],
      ['sink', { kind: 'kafka', guarantee: 'EXACTLY_ONCE', transactionTimeoutUs: 900_000_000, committer: 'same vertex' }],
    ])
  })
  it('stops at sixty-four and says so, however many sinks there are', () => {
    const sinks = Array.from({ length: 40 }, (_, index) => ({
      id: `k${String(index)}`,
      parallelism: 1,
      description: `Sink: out${String(index)}`,
      inputs: [{ id: 'a' }],
    }))
    const plan = readPlan({ nodes: [{ id: 'a', parallelism: 1, description: 'Source: x' }, ...sinks] }, 'p')
    const { combinations, total, cut } = combinationsOf('many', guessRoles(plan), settings)
    expect(combinations).toHaveLength(mostCombinations)
    expect(new Set(combinations.map((combination) => combination.condition)).size).toBe(mostCombinations)
    expect(total).toBe(3 * 4 ** 40)
    expect(cut).toMatch(/^64 of over a million possibilities are covered, the likeliest first; answer some of these/)
  })
})

describe('jobModel', () => {
  it('keeps chains, edges and parallelism', () => {
    const { model } = combos('eo-aligned-2pc').combinations[0] ?? {}
    expect(
      model?.operators.map(({ name, kind, parallelism, chainedTo, stateful }) => [name, kind, parallelism, chainedTo, stateful]),
    ).toEqual([
      ['Source: Src', 'source', 2, undefined, true],
      ['Count', 'keyed', 2, undefined, true],
      ['Sink: Writer', 'sink', 2, undefined, true],
    ])
    expect(model?.edges).toEqual([
      { from: 'Source: Src', to: 'Count', ship: 'HASH' },
      { from: 'Count', to: 'Sink: Writer', ship: 'FORWARD' },
    ])
    expect(combos('kafka-eo').combinations[0]?.model.operators.map((operator) => operator.chainedTo)).toEqual([
      undefined,
      'Source: Src',
      'Map',
    ])
  })
  it('fills in what the name of a window leaves out', () => {
    const windowOf = (description: string) => {
      const plan = readPlan(
        {
          nodes: [
            { id: 'a', parallelism: 1, description: 'Source: x' },
            { id: 'b', parallelism: 1, description, inputs: [{ id: 'a', ship_strategy: 'HASH' }] },
          ],
        },
        'p',
      )
      const operator = combinationsOf('w', guessRoles(plan), settings).combinations[0]?.model.operators[1]
      return [operator?.kind, operator?.window]
    }
    expect(windowOf('Window(SlidingEventTimeWindows(4000, 1000), X)')).toEqual([
      'window',
      { assigner: 'sliding', time: 'event', sizeUs: 4_000_000, slideUs: 1_000_000 },
    ])
    expect(windowOf('GroupWindowAggregate(window=[TUMBLE(ts)])')).toEqual([
      'window',
      { assigner: 'tumbling', time: 'event', sizeUs: 10_000_000 },
    ])
    expect(windowOf('Window(GlobalWindows(trigger=NeverTrigger), CountTrigger, X)')).toEqual(['keyed', undefined])
  })
  it('leaves no kind unknown', () => {
    for (const folder of ['eo-aligned-2pc', 'alo-skew-append', 'kafka-eo', 'eo-aligned-legacy2pc', 'eo-aligned-file']) {
      for (const { model } of combos(folder).combinations) {
        for (const { source, sink } of model.operators) {
          expect([source?.kind, sink?.kind]).not.toContain('unknown')
          if (sink?.guarantee === 'EXACTLY_ONCE') expect(['kafka', 'file', 'two-phase']).toContain(sink.kind)
          if (source?.replayable === false) expect(source.kind).toBe('socket')
        }
      }
    }
  })
  it('takes a timeout that only an outage outlasts', () => {
    expect(timeoutShorterThanAnOutage(settings)).toBe(10_500_000)
    expect(timeoutShorterThanAnOutage({ ...settings, restart: { type: 'none' } })).toBe(35_000_000)
    const checkpointing = { ...settings.checkpointing, minPauseUs: 60_000_000 }
    expect(timeoutShorterThanAnOutage({ ...settings, checkpointing })).toBe(60_500_000)
  })
})
