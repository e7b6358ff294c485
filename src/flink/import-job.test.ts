import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importJob } from './import-job.js'

const rest = (name: string): string => `test/fixtures/rest/${name}`
const example = (name: string): string => `test/fixtures/plans/${name}`
const configuration = (name: string): string => `test/fixtures/configuration/${name}`

/** Path of a new file with this content. */
function fileOf(name: string, content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'millrace-')), name)
  writeFileSync(path, content)
  return path
}

describe('importJob', () => {
  it('brings a folder of REST answers and settings together, later ones winning', async () => {
    const job = await importJob({
      plan: rest('eo-aligned-2pc'),
      set: ['execution.checkpointing.interval=200 ms', 'restart-strategy.type=none'],
    })
    expect(job.effective.settings).toMatchObject({
      checkpointing: { intervalUs: 200_000, timeoutUs: 60_000_000 },
      restart: { type: 'none' },
      maxParallelism: 16,
    })
    const origins = new Map(job.effective.values.map((value) => [value.key, value.origin]))
    expect(origins.get('execution.checkpointing.interval')).toBe('--set execution.checkpointing.interval')
    expect(origins.get('execution.checkpointing.timeout')).toBe(`${rest('eo-aligned-2pc')}/checkpoints-config.json $.timeout`)
    expect(origins.get('heartbeat.interval')).toBe('default')
    expect(job.problems).toEqual([])
  })
  it('knows that checkpointing was off', async () => {
    const { effective } = await importJob({ plan: rest('no-checkpoints-append') })
    expect(effective.settings).toMatchObject({ checkpointing: { enabled: false }, restart: { type: 'none' } })
  })
  it('reads config.yaml', async () => {
    const { effective } = await importJob({
      plan: example('WordCount-p2.jobgraph-plan.json'),
      configurationFiles: [configuration('config.yaml')],
    })
    expect(effective.settings).toMatchObject({
      checkpointing: {
        enabled: true,
        intervalUs: 10_000_000,
        timeoutUs: 120_000_000,
        tolerableFailed: 3,
        storage: 'filesystem',
        retention: 'RETAIN_ON_CANCELLATION',
      },
      restart: { type: 'fixed-delay', attempts: 10, delayUs: 5_000_000 },
      highAvailability: true,
    })
    expect(effective.values.find((value) => value.key === 'execution.checkpointing.timeout')).toMatchObject({
      value: '2 min',
      origin: `${configuration('config.yaml')}:32:14`,
    })
    expect(effective.warnings).toEqual([])
  })
  it('reads flink-conf.yaml', async () => {
    const { effective } = await importJob({
      plan: example('WordCount-p2.jobgraph-plan.json'),
      configurationFiles: [configuration('flink-conf.yaml')],
    })
    expect(effective.settings).toMatchObject({
      checkpointing: { intervalUs: 60_000_000, unaligned: true, alignedTimeoutUs: 30_000_000, numRetained: 3, storage: 'filesystem' },
      restart: { type: 'failure-rate', maxFailures: 5, intervalUs: 600_000_000, delayUs: 10_000_000 },
    })
  })
  it('takes the configuration’s word on chaining for execution plans', async () => {
    const plan = example('AsyncIO-p2.execution-plan.json')
    expect((await importJob({ plan })).plan.vertices).toHaveLength(1)
    expect((await importJob({ plan, set: ['pipeline.operator-chaining.enabled=false'] })).plan.vertices).toHaveLength(3)
  })
  it('refuses a sink that is said to commit when nothing makes it commit', async () => {
    const assume = fileOf('assume.yaml', 'vertices:\n  "Sink: Writer":\n    guarantee: EXACTLY_ONCE\n')
    const inputs = { plan: rest('eo-aligned-2pc'), assume, set: ['execution.checkpointing.interval=0'] }
    await expect(importJob(inputs)).rejects.toThrow(
      /^execution\.checkpointing\.interval \(--set execution\.checkpointing\.interval\): checkpointing is off, but sink 'Sink: Writer'/,
    )
    await expect(importJob({ ...inputs, set: [] })).resolves.toMatchObject({ possibilities: { total: 3 * 2 + 1 } })
  })
  it('says what cannot be checked under a configuration', async () => {
    const nodes = [
      { id: 'a', parallelism: 2, description: 'Source: x' },
      { id: 'b', parallelism: 2, description: 'Map -> Sink: y', inputs: [{ id: 'a', ship_strategy: 'CUSTOM' }] },
    ]
    const plan = fileOf('plan.json', JSON.stringify({ name: 'j', nodes }))
    const unaligned = ['execution.checkpointing.interval=1 s', 'execution.checkpointing.unaligned.enabled=true']
    expect((await importJob({ plan, set: unaligned })).problems).toEqual([
      { vertex: 'Map -> Sink: y', reason: expect.stringMatching(/custom partitioner/) },
    ])
    const forced = await importJob({ plan, set: [...unaligned, 'execution.checkpointing.unaligned.forced=true'] })
    expect(forced.problems).toEqual([])
    expect(forced.notes).toContain("'Map -> Sink: y': a custom partitioner is user code that no plan shows; it is simulated as REBALANCE")
    expect((await importJob({ plan, set: ['execution.checkpointing.approximate-local-recovery=true'] })).problems).toEqual([
      { reason: expect.stringMatching(/approximate-local-recovery is true: a task that fails is restarted alone/) },
    ])
    expect((await importJob({ plan, set: ['execution.runtime-mode=BATCH'] })).problems).toEqual([
      { reason: expect.stringMatching(/BATCH/) },
    ])
  })
  it.each([
    [['Source: a'], [{ reason: expect.stringMatching(/^no operator is recognised as a sink: .*'NAME: Writer' \(sinkTo\)/) }]],
    [['Sink: a'], [{ vertex: 'Sink: a', reason: 'the sink has no input: no record can come to it' }]],
    [['Source: a -> Sink: b', 'Sink: c'], [{ vertex: 'Sink: c', reason: expect.stringMatching(/no input/) }]],
    [['Source: a -> Sink: b'], []],
  ])('says that a job of %j delivers nothing', async (descriptions, problems) => {
    const nodes = descriptions.map((description) => ({ id: description, parallelism: 1, description }))
    expect((await importJob({ plan: fileOf('plan.json', JSON.stringify({ nodes })) })).problems).toEqual(problems)
  })
  it('says where something ends that leads to no sink', async () => {
    const nodes = [
      { id: 'a', parallelism: 1, description: 'Source: a' },
      { id: 'b', parallelism: 1, description: 'Map -> Sink: b', inputs: [{ id: 'a', ship_strategy: 'REBALANCE' }] },
      { id: 'c', parallelism: 1, description: 'Map -> Send away', inputs: [{ id: 'a', ship_strategy: 'REBALANCE' }] },
      { id: 'd', parallelism: 1, description: 'Source: d' },
    ]
    const notesOf = async (of: readonly object[]) => {
      const { notes } = await importJob({ plan: fileOf('plan.json', JSON.stringify({ nodes: of })) })
      return notes.filter((note) => note.includes('nothing goes on'))
    }
    const told = (name: string) => `'${name}': nothing goes on from here to a sink; what it may write itself is not judged`
    expect(await notesOf(nodes)).toEqual([told('Send away'), told('Source: d')])
    expect(await notesOf(nodes.slice(0, 2))).toEqual([])
    expect(await notesOf(nodes.filter(({ id }) => id !== 'b'))).toEqual([])
  })
  it('refuses fewer key groups than subtasks, unless they are derived', async () => {
    const nodes = [{ id: 'a', parallelism: 400, description: 'Source: a -> Sink: b' }]
    const plan = fileOf('plan.json', JSON.stringify({ nodes }))
    const under = (groups: number) => importJob({ plan, set: [`pipeline.max-parallelism=${String(groups)}`] })
    await expect(under(399)).rejects.toThrow(
      /^--set pipeline\.max-parallelism: .* = 399: .*parallelism \(400\) is higher than the max parallelism \(399\)\.; allowed: 400 or more$/,
    )
    await expect(under(400)).resolves.toMatchObject({ problems: [] })
    await expect(under(-1)).resolves.toMatchObject({ problems: [] })
  })
  it('simulates a committer in front of a sink with the sink', async () => {
    const nodes = [
      { id: 'a', parallelism: 1, description: 'Source: a -> Writer : t' },
      { id: 'b', parallelism: 1, description: 'Global Committer : t -> end: Writer', inputs: [{ id: 'a', ship_strategy: 'REBALANCE' }] },
    ]
    const assume = fileOf('assume.yaml', 'vertices:\n  "end: Writer": { guarantee: EXACTLY_ONCE }\n')
    const inputs = { plan: fileOf('plan.json', JSON.stringify({ nodes })), set: ['execution.checkpointing.interval=1 s'], assume }
    const { possibilities, notes } = await importJob(inputs)
    const [best] = possibilities.combinations
    expect(best?.model.operators.at(-1)?.sink).toEqual({ kind: 'two-phase', guarantee: 'EXACTLY_ONCE', committer: 'same vertex' })
    expect(notes).toContain(
      "'end: Writer': 'Global Committer : t' before it is taken for its committer; where the sink is EXACTLY_ONCE, it is simulated as one in two phases with a committer of its own",
    )
  })
  it('keeps windows within times that are exact', async () => {
    const descriptions = [
      'EventTimeSessionWindows(9223372036854775807)',
      'SlidingEventTimeWindows(9223372036854775807, 9223372036854775807)',
    ]
    const windows = descriptions.map((assigner) => `Window(${assigner}, EventTimeTrigger, X)`)
    const nodes = [{ id: 'a', parallelism: 1, description: ['Source: a', ...windows, 'Sink: b'].join(' -> ') }]
    const { possibilities } = await importJob({ plan: fileOf('plan.json', JSON.stringify({ nodes })) })
    const lengths = possibilities.combinations[0]?.model.operators.flatMap(({ window }) =>
      window === undefined ? [] : [window.sizeUs, window.slideUs],
    )
    const longest = 86_400_000_000_000
    expect(lengths).toEqual([longest, undefined, longest, longest])
  })
  it('has windows slide so far that a record is in ten of them at most, and says so', async () => {
    const sliding = async (size: number, slide: number) => {
      const window = `Window(SlidingEventTimeWindows(${String(size)}, ${String(slide)}), EventTimeTrigger, X)`
      const nodes = [{ id: 'a', parallelism: 1, description: `Source: a -> ${window} -> Sink: b` }]
      const { possibilities, notes } = await importJob({ plan: fileOf('plan.json', JSON.stringify({ nodes })) })
      const slides = possibilities.combinations[0]?.model.operators.flatMap((operator) => operator.window?.slideUs ?? [])
      return { slides, notes: notes.filter((note) => note.includes('slide further')) }
    }
    expect(await sliding(10_000, 1000)).toEqual({ slides: [1_000_000], notes: [] })
    const { slides, notes } = await sliding(86_400_000, 60_000)
    expect(slides).toEqual([8_640_000_000])
    expect(notes).toEqual([
      expect.stringContaining('a record is in 1440 of its windows; simulated are windows of that size that slide further, a record in 10'),
    ])
  })
  it('says what of a configuration is simulated as something else', async () => {
    const notesUnder = async (...set: string[]): Promise<readonly string[]> =>
      (await importJob({ plan: rest('eo-aligned-2pc'), set })).notes.filter((note) => /aligned ones|whatever/.test(note))
    expect(await notesUnder()).toEqual([])
    expect(await notesUnder('execution.checkpointing.unaligned.enabled=true')).toEqual([
      'unaligned checkpoints are simulated as aligned ones: the guarantee is the same, how long a checkpoint takes is not',
    ])
    expect(await notesUnder('execution.checkpointing.checkpoints-after-tasks-finish=false')).toEqual([
      'checkpoints go on after tasks have finished, whatever execution.checkpointing.checkpoints-after-tasks-finish says; without them what a sink in transactions writes behind the last checkpoint of bounded input is never committed',
    ])
  })
  it('names the file that is missing', async () => {
    await expect(importJob({ plan: 'none.json' })).rejects.toThrow(/^none\.json: ENOENT.*; allowed: a plan file, a folder/)
    await expect(importJob({ plan: rest('kafka-eo'), configurationFiles: ['no.yaml'] })).rejects.toThrow(/^no\.yaml: ENOENT/)
    await expect(importJob({ plan: rest('kafka-eo'), assume: 'no.yaml' })).rejects.toThrow(/^no\.yaml: ENOENT/)
  })
})
