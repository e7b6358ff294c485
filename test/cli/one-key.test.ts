/** One plan, and configurations, answers or plans that differ from it in one place: the guarantee that is derived is another one. */
import { readdirSync, readFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { documentOf, FIXTURES, folder, inThisProcess } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

const recorded = join(FIXTURES, 'rest/eo-aligned-2pc')
const ANSWERS = `
userCode:
  deterministic: true
vertices:
  'Source: Src':
    replayable: true
  'Sink: Writer':
    kind: kafka
    guarantee: EXACTLY_ONCE
    transactionTimeout: 15 min
`

/** A copy of the recorded answers of the REST interface with one change in the plan. */
function planWith(name: string, from: string, to: string): string {
  const copy = join(here, name)
  mkdirSync(copy)
  for (const file of readdirSync(recorded).filter((each) => /^(plan|config|checkpoints-config)\.json$/.test(each))) {
    writeFileSync(join(copy, file), readFileSync(join(recorded, file), 'utf8').replaceAll(from, to))
  }
  return copy
}

function assume(name: string, from = '', to = ''): readonly string[] {
  const path = join(here, `${name}.yaml`)
  writeFileSync(path, ANSWERS.replace(from, to))
  return ['--assume', path]
}

/** What is said of the state and of the sink when nothing is open but what `answers` leave so. */
async function answer(plan: string, ...others: readonly string[]): Promise<Record<string, string>> {
  const enough = others.includes('--runs') ? [] : ['--runs', '80']
  const words = ['run', '--plan', plan, ...others, ...enough, '--workers', '1', '--json']
  const { job } = documentOf(await inThisProcess([...words, '--output', join(here, 'out'), '--failures', join(here, 'failures')]))
  const best = job.guarantees.filter(({ condition }: { condition: string }) => condition === '')
  return Object.fromEntries(
    best.map(
      ({ of, at, words: said, beyond }: { of: string; at: string; words: string; beyond: { precondition: string; words: string }[] }) => [
        at === 'read_uncommitted' ? `${of}, uncommitted` : of,
        [said, ...beyond.map(({ precondition, words: then }) => `${precondition}: ${then}`)].join('; '),
      ],
    ),
  )
}

const settled = assume('settled')

it('of the plan as it was recorded: exactly once, but not for readers of uncommitted output', async () => {
  expect(await answer(recorded, ...settled)).toEqual({
    state: 'exactly-once',
    'Sink: Writer': 'exactly-once',
    'Sink: Writer, uncommitted': 'duplicates',
  })
})

it('of another checkpointing mode: duplicates in the state, which the sink commits', async () => {
  expect(await answer(recorded, ...settled, '--set', 'execution.checkpointing.mode=AT_LEAST_ONCE', '--runs', '160')).toMatchObject({
    state: expect.stringMatching(/^duplicates/),
    'Sink: Writer': expect.stringMatching(/^duplicates/),
  })
})

it('of a transaction timeout below interval plus restart: loss when it strikes', async () => {
  const { 'Sink: Writer': sink } = await answer(recorded, ...assume('short', '15 min', '600 ms'))
  expect(sink).toBe('exactly-once; transaction-timed-out: loss')
})

it('of no restarts: only until the first failure', async () => {
  const { state, 'Sink: Writer': sink } = await answer(recorded, ...settled, '--set', 'restart-strategy.type=none')
  expect([state, sink]).toEqual(['exactly-once; restart-budget-exceeded: ', 'exactly-once; restart-budget-exceeded: '])
})

it('of a sink that guarantees less: duplicates', async () => {
  const less = ANSWERS.replace('EXACTLY_ONCE', 'AT_LEAST_ONCE').replace(/.*transactionTimeout.*\n/, '')
  const answers = assume('less', ANSWERS, less)
  expect(await answer(recorded, ...answers)).toMatchObject({ state: 'exactly-once', 'Sink: Writer': 'duplicates' })
})

it('of an edge that is not keyed: no keyed state of which anything could be said', async () => {
  const plan = planWith('edge', '"ship_strategy":"HASH"', '"ship_strategy":"REBALANCE"')
  expect(await answer(plan, ...settled)).toEqual({ 'Sink: Writer': 'exactly-once', 'Sink: Writer, uncommitted': 'duplicates' })
})

it('of a sink without its committer: duplicates', async () => {
  const plan = planWith('committer', 'Sink: Writer<br/>+- Sink: Committer<br/>', 'Sink: Writer<br/>')
  const open = ANSWERS.replace(/ {2}'Sink: Writer':[^]*/, '')
  const told = await answer(plan, ...assume('open', ANSWERS, open))
  expect(told).toMatchObject({ state: 'exactly-once', 'Sink: Writer': 'duplicates' })
  // With its committer the same plan and the same answers say otherwise.
  expect(await answer(recorded, ...assume('open-too', ANSWERS, open))).toMatchObject({ 'Sink: Writer': 'exactly-once' })
})
