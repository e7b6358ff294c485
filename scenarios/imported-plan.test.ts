import { describe, expect, it } from 'vitest'
import type { JobGraph } from '../src/engine/index.js'
import type { PartitionFault } from '../src/faults/index.js'
import { describeJob, importJob, readPlanText, readRestFolder, readSetOption, type JobDescription } from '../src/flink/index.js'
import { CellRunner } from '../src/search/cell.js'
import { faultMenu, runExperiment, type JobSetUp } from '../src/search/index.js'
import { TimedDriver, World } from '../src/world/index.js'
import { importedScenarios, type ImportedScenario } from './imported-plan.js'

const RUNS = 40
const HOUR_US = 3_600_000_000
const PLAN = 'test/fixtures/rest/eo-aligned-2pc'
const WINDOWS = 'test/fixtures/plans/GroupedProcessingTimeWindow-p4.execution-plan.json'

function bestGuessOf(description: JobDescription): ImportedScenario {
  const [first] = importedScenarios(description)
  if (first === undefined) throw new RangeError('a plan without any possibility')
  return first
}

function setUpOf({ scenario, mode }: ImportedScenario): JobSetUp {
  return scenario.setUp(new World({ driver: new TimedDriver({ seed: 'set up', latency: () => ({ minUs: 0, maxUs: 0 }) }) }), mode)
}

async function bestGuess(plan: string, interval: string): Promise<ImportedScenario> {
  return bestGuessOf(await importJob({ plan, set: [`execution.checkpointing.interval=${interval}`] }))
}

describe('an imported job', () => {
  // Its checkpoint timeout is one minute.
  it.each(['100 ms', '20 s', '3 min', '1 h'])('with checkpoints %s apart is struck as often, in the same moments', async (interval) => {
    const { scenario, mode } = await bestGuess(PLAN, interval)
    const tally = new CellRunner([{ scenario, mode }]).run({ cell: 0, from: 0, count: RUNS }, 'interval')
    expect(Object.values(tally.anomalies).filter(({ standing }) => standing === 'violation')).toEqual([])
    expect(tally.defects).toEqual({})
    expect(tally.evidence.fullRecovery).toBeGreaterThan(0.7 * RUNS)
    expect(tally.evidence.strikeRuns['trigger-to-last-ack']).toBeGreaterThan(0.4 * RUNS)
    expect(tally.evidence.strikeRuns['store-to-last-notification']).toBeGreaterThan(0.3 * RUNS)
  })

  it.each([
    ['a count', PLAN, '100 ms'],
    ['a count', PLAN, '3 min'],
    ['a count', PLAN, '1 h'],
    ['windows at parallelism 4', WINDOWS, '1 s'],
    ['windows at parallelism 4', WINDOWS, '1 min'],
    ['windows at parallelism 4', WINDOWS, '5 min'],
  ])('of %s (%s) with checkpoints %s apart completes every one of them when nothing goes wrong', async (_what, plan, interval) => {
    const { scenario, mode } = await bestGuess(plan, interval)
    const { reached } = faultMenu(scenario, mode)
    const [begun = 0, completed = 0] = ['checkpoint.pending.created', 'checkpoint.store.added'].map((step) => reached.get(step))
    expect(completed).toBeGreaterThanOrEqual(9)
    // The job may end while the last one is pending.
    expect(begun - completed).toBeLessThanOrEqual(1)
  })

  it('is not called stuck because a TaskManager is cut off for hours, and asks again and again', async () => {
    const { scenario, mode } = await bestGuess(PLAN, '1 h')
    const hours: PartitionFault = {
      kind: 'partition',
      process: 'TaskManager-0',
      others: ['JobManager'],
      direction: 'both',
      at: { timeUs: 2 * HOUR_US },
      forUs: 4 * HOUR_US,
      lossy: true,
    }
    const { status, steps, verdict } = runExperiment({ scenario, mode, seed: 'hours', plan: [hours], restores: false })
    expect(steps).toBeGreaterThan(200_000)
    expect([status, verdict?.verdict]).toEqual(['FINISHED', 'holds'])
  })
})

/** Vertices and edges of the job that is made of a plan, an operator to a line: id, name, parallelism, and what it reads. */
function jobOf(...lines: readonly string[]): { readonly graph: readonly string[]; readonly notes: readonly string[] } {
  const nodes = lines.map((line) => {
    const [id = '', contents = '', parallelism = '', ...inputs] = line.split(' | ')
    const predecessors = inputs.map((input) => {
      const [from = '', ship = ''] = input.split(' ')
      return { id: Number(from), ship_strategy: ship, side: 'second' }
    })
    const pact = inputs.length === 0 ? 'Data Source' : 'Operator'
    return { id: Number(id), type: contents, pact, contents, parallelism: Number(parallelism), predecessors }
  })
  const plan = readPlanText(JSON.stringify({ nodes }), 'plan.json', { chaining: true, name: 'plan' })
  const description = describeJob({ plan, configuration: [] })
  return { graph: described(setUpOf(bestGuessOf(description)).graph), notes: description.notes }
}

function described({ vertices, edges }: JobGraph): string[] {
  return vertices.map(({ id, parallelism, operators }) => {
    const inputs = edges.filter(({ to }) => to === id).map(({ from, ship, input }) => `${String(from)} ${ship} #${String(input)}`)
    return [`${operators.map(({ name }) => name).join(' -> ')} x${String(parallelism)}`, ...inputs].join(' | ')
  })
}

describe('the job that is made of a plan', () => {
  it('has its edges, also where watermarks are made for windows', () => {
    const { graph } = jobOf(
      '1 | Source: A | 2',
      '2 | Window(TumblingEventTimeWindows(5000), EventTimeTrigger, F) | 2 | 1 HASH',
      '3 | Sink: Writer | 2 | 2 FORWARD',
    )
    expect(graph).toEqual([
      'Source: A -> Timestamps/Watermarks of Source: A x2',
      'Window(TumblingEventTimeWindows(5000), EventTimeTrigger, F) -> Sink: Writer x2 | 0 HASH #0',
    ])
  })

  it.each([
    ['by key', 'HASH'],
    ['without keys', 'FORWARD'],
  ])('has what is broadcast in broadcast state, beside a stream %s', (_keys, ship) => {
    const { graph } = jobOf(
      '1 | Source: Rules | 1',
      '2 | Source: Orders | 2',
      `3 | Co-Process-Broadcast | 2 | 1 BROADCAST | 2 ${ship}`,
      '4 | Sink: Writer | 2 | 3 FORWARD',
    )
    expect(graph.at(-1)).toBe(`Co-Process-Broadcast -> Sink: Writer x2 | 1 ${ship} #0 | 0 BROADCAST #1`)
  })

  it('has the union of what is broadcast with others where it is not for broadcast state', () => {
    const { graph } = jobOf(
      '1 | Source: R | 1',
      '2 | Source: O | 2',
      '3 | Map | 2 | 1 BROADCAST | 2 FORWARD',
      '4 | Sink: Writer | 2 | 3 FORWARD',
    )
    expect(graph.at(-1)).toBe('Map -> Sink: Writer x2 | 0 BROADCAST #0 | 1 FORWARD #0')
  })

  it('says which operators are simulated as others', () => {
    const { notes } = jobOf(
      '1 | Source: A | 2',
      '2 | Window(TumblingProcessingTimeWindows(5000), ProcessingTimeTrigger, F) | 2 | 1 HASH',
      '3 | Window(GlobalWindows(), CountTrigger, F) | 2 | 2 HASH',
      '4 | Sink: Writer | 2 | 3 FORWARD',
    )
    expect(notes.filter((note) => /simulated (with|as state)/.test(note))).toEqual([
      expect.stringMatching(/ProcessingTimeWindows.*: windows of processing time are simulated with event time$/),
      expect.stringMatching(/GlobalWindows.*: a global window is simulated as state by key$/),
    ])
  })
})

describe('a sink of an imported job', () => {
  const source = { id: 'a', parallelism: 2, description: 'Source: words' }
  const jobWith = (sink: string, answers: string, interval: string): ImportedScenario => {
    const nodes = [source, { id: 'b', parallelism: 2, description: sink, inputs: [{ id: 'a', ship_strategy: 'REBALANCE' }] }]
    const job = { plan: readPlanText(JSON.stringify({ name: 'j', nodes }), 'plan.json'), configuration: [] }
    const text = `userCode: {deterministic: "true"}\nvertices:\n  "Source: words": {replayable: "true"}\n  "${sink.replace(/ -> .*/, '')}": {${answers}}`
    return bestGuessOf(describeJob(job, [readSetOption(`execution.checkpointing.interval=${interval}`)], { text, where: 'a.yaml' }))
  }
  const shownAt = ({ scenario, mode }: ImportedScenario) => {
    const { points, anomalies } = new CellRunner([{ scenario, mode }]).run({ cell: 0, from: 0, count: 12 }, 'sinks')
    const lost = new Set(Object.values(anomalies).flatMap(({ anomaly, at }) => (anomaly === 'lost' ? [at] : [])))
    return points.filter(({ sink }) => sink !== undefined).map(({ at }) => [at, lost.has(at) ? 'loss' : 'no loss'])
  }

  it.each(['100 ms', '10 s', '5 min'])('of Kafka that does not flush loses what is unsent, checkpoints %s apart', (interval) => {
    const sink = jobWith('out: Writer -> out: Committer', 'kind: kafka, guarantee: NONE', interval)
    expect(shownAt(sink)[0]).toEqual(['read_committed', 'loss'])
  })
  it('of files that are neither flushed nor committed loses what is unwritten', () => {
    expect(shownAt(jobWith('Sink: text', 'kind: file, guarantee: NONE', '1 s'))).toEqual([['external-store', 'loss']])
    expect(shownAt(jobWith('Sink: text', 'kind: file, guarantee: EXACTLY_ONCE', '1 s'))).toEqual([['finished-files', 'no loss']])
  })
  it('whose name hints at files is none where its transactions time out', () => {
    const answers = 'guarantee: EXACTLY_ONCE, transactionTimeout: '
    const observed = (timeout: string) => [
      ...setUpOf(jobWith('files: Writer -> files: Committer', answers + timeout, '1 s')).observed.values(),
    ]
    expect(observed('1 h')).toEqual([['read_committed', 'read_uncommitted']])
    expect(observed('none')).toEqual([['finished-files']])
  })
})

describe('what is told of an imported job', () => {
  const KAFKA = 'userCode: {deterministic: "true"}\nvertices:\n  "Source: Src": {kind: kafka}\n  "Sink: Writer": {kind: kafka, '
  const timeoutsTold = (folder: string, assume: string): (string | undefined)[] => {
    const job = readRestFolder(`test/fixtures/rest/${folder}`)
    const scenarios = importedScenarios(describeJob(job, [], { text: assume, where: 'assume.yaml' }))
    return scenarios.map((scenario) => setUpOf(scenario).configuration['transaction.timeout.ms'])
  }

  it('has the transaction timeout of its sinks, where they have one', () => {
    expect(timeoutsTold('kafka-eo', `${KAFKA}guarantee: EXACTLY_ONCE, transactionTimeout: 15 min}`)).toEqual(['900000'])
    expect(timeoutsTold('kafka-eo', `${KAFKA}guarantee: AT_LEAST_ONCE}`)).toEqual([undefined])
  })
})
