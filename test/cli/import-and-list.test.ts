import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileToFile } from '../../scenarios/file-to-file.js'
import { cellKey, faultMenu, planOf, runExperiment, type MatrixCell } from '../../src/search/index.js'
import { documentOf, FIXTURES, folder, inThisProcess } from './millrace.js'

/** Runs of each mode of the small campaign. */
const RUNS = 4

const { path: here, removed } = folder()
afterAll(removed)

/**
 * The curve of the campaign's runs, told from them one by one: each of the modes in turn has a run, and what it has covered first counts.
 */
function newlyCovered(covered: readonly MatrixCell[]): [number, number][] {
  const open = new Set(covered.map(cellKey))
  const curve: [number, number][] = []
  for (let run = 0; run < RUNS * fileToFile.modes.length; run++) {
    const mode = fileToFile.modes[run % fileToFile.modes.length] ?? 'aligned'
    const seed = `1-${String(Math.floor(run / fileToFile.modes.length))}`
    const { landings } = runExperiment({ scenario: fileToFile, mode, seed, plan: planOf(seed, faultMenu(fileToFile, mode)) })
    if (landings.filter((key) => open.delete(key)).length > 0) curve.push([run + 1, covered.length - open.size])
  }
  expect(open.size).toBe(0)
  return curve
}

describe('millrace import', () => {
  it('shows vertices, effective values with their origin, and what is open', async () => {
    const { code, stdout } = await inThisProcess(['import', join(FIXTURES, 'rest/eo-aligned-2pc'), '--set', 'restart-strategy.type=none'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^eo-aligned-2pc: streaming job, job plan$/m)
    expect(stdout).toMatch(/^vertex +parallelism +simulated +inputs$/m)
    expect(stdout).toMatch(/^execution\.checkpointing\.interval +100 ms +.*checkpoints-config\.json \$\.interval$/m)
    expect(stdout).toMatch(/^restart-strategy\.type +none +--set restart-strategy\.type$/m)
    expect(stdout).toMatch(/^heartbeat\.timeout +50 s +default$/m)
    expect(stdout).toMatch(/^ {2}Sink: Writer guarantee: EXACTLY_ONCE \| AT_LEAST_ONCE \| NONE/m)
  })

  it('writes a template that answers nothing yet and is read again', async () => {
    const assume = join(here, 'assume.yaml')
    const plan = join(FIXTURES, 'plans/WordCount-p2.execution-plan.json')
    const first = await inThisProcess(['import', plan, '--assume-out', assume, '--json'])
    expect(first.code).toBe(0)
    expect(documentOf(first)).toMatchObject({ schema: 1, assumeFile: assume, form: 'execution plan', problems: [] })
    expect(readFileSync(assume, 'utf8')).toMatch(/^ {4}# guarantee: /m)
    const second = documentOf(await inThisProcess(['import', plan, '--assume', assume, '--json']))
    const { assumeFile: _, ...same } = documentOf(first)
    expect(second).toEqual(same)
  })
})

describe('millrace list', () => {
  it.each([
    ['scenarios', 'word-count'],
    ['faults', 'crash'],
    ['failpoints', 'task.barrier.aligned'],
    ['guarantees', 'exactly-once'],
  ])('%s', async (what, member) => {
    const listed = documentOf(await inThisProcess(['list', what, '--json']))
    expect(Object.keys(listed)).toEqual(['schema', what])
    expect(listed[what].map(({ name, kind }: { name?: string; kind?: string }) => name ?? kind)).toContain(member)
    const { code, stdout } = await inThisProcess(['list', what])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^${what} `))
    expect(stdout).toMatch(new RegExp(`^${member} `, 'm'))
  })

  it('cells: every cell of the fault matrix of a campaign, with its state and its reason', async () => {
    const directory = join(here, 'cells')
    const run = ['run', '--scenario', 'file-to-file', '--runs', String(RUNS), '--workers', '1', '--output', directory]
    const campaign = documentOf(await inThisProcess([...run, '--failures', join(here, 'failures'), '--json']))
    const from = ['--from', join(directory, 'results.json')]
    const listed = documentOf(await inThisProcess(['list', 'cells', ...from, '--json']))
    expect(Object.keys(listed)).toEqual(['schema', 'total', 'covered', 'unreachable', 'cells'])
    const { total, covered, unreachable, curve } = campaign['matrix']
    expect(listed).toMatchObject({ total, covered, unreachable })
    const states = (state: string) => listed['cells'].filter((cell: { state: string }) => cell.state === state)
    expect([listed['cells'].length, states('covered').length, states('unreachable').length]).toEqual([total, covered, unreachable])
    expect(covered).toBeGreaterThan(15)
    expect(curve).toEqual(newlyCovered(states('covered')))
    for (const { reason } of states('unreachable')) expect(reason).toMatch(/ /)
    const { code, stdout } = await inThisProcess(['list', 'cells', ...from])
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^scenario +cells +covered +open +unreachable\nfile-to-file /)])
  })

  it('says in which modes a scenario runs and what it claims', async () => {
    const { scenarios } = documentOf(await inThisProcess(['list', '--json']))
    expect(scenarios[0]).toMatchObject({
      name: 'word-count',
      modes: ['aligned', 'at-least-once', 'off'],
      claims: { aligned: ['exactly-once@state', 'exactly-once@external-store'] },
    })
  })
})
