import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { documentOf, folder, inThisProcess } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

/** The run of the README: a JobManager that dies for longer than a transaction lives. */
const token = /npx millrace replay (mr1\S+)/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? ''

describe('millrace explain, of a run', () => {
  it('names the causes in order, the moment of certainty and what is left, and draws them', async () => {
    const { code, stdout } = await inThisProcess(['explain', token, '--forks', '6'])
    expect(code).toBe(0)
    const because = stdout.slice(stdout.indexOf('  because'), stdout.indexOf('  plan '))
    const order = ['triggers checkpoint 3', 'checkpoint 3 completes', 'FAULT crash', 'is aborted (timeout)', 'failed-known']
    const places = order.map((words) => because.indexOf(words))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(Math.min(...places)).toBeGreaterThan(0)
    expect(because).toMatch(/FAULT crash .* <- certain from here \(0 % before, 100 % after\)/)
    expect(stdout).toMatch(/left +exactly-once at state/)
    expect(stdout).toMatch(/^ +ms {2}faults {2}coordinator {2}Sink: Writer 1/m)
    expect(stdout).toMatch(/281\.\d+ +✗ +│/)
    expect(stdout).toMatch(/step +0 {2}·{20} +0 of 6/)
    expect(stdout).toMatch(/█{20} +6 of 6/)
  })

  it('says the same each time, also as a document', async () => {
    const [one, two] = [
      await inThisProcess(['explain', token, '--forks', '3', '--json']),
      await inThisProcess(['explain', token, '--forks', '3', '--json']),
    ]
    expect(two.stdout).toBe(one.stdout)
    const { schema, replay, violation } = documentOf(one)
    expect({ schema, replay }).toEqual({ schema: 1, replay: token })
    expect(violation).toMatchObject({ standing: 'beyond', guarantee: 'exactly-once', anomaly: 'lost' })
    expect(violation.because.map(({ kind }: { kind: string }) => kind)).toContain('fault')
    expect(violation.explained.causes).toBe(violation.because.length)
    expect(violation.explained.certain).toMatchObject({ before: 0, after: 1, words: expect.stringContaining('JobManager') })
  })

  it('has nothing to say of one that is right', async () => {
    const { code, stdout } = await inThisProcess(['explain', 'mr1.word-count.aligned.1-3'])
    expect([code, stdout]).toEqual([0, expect.stringContaining('nothing is wrong with this run')])
  })
})

describe('millrace explain, of a guarantee', () => {
  it('shows the smallest run in both modes', async () => {
    const { code, stdout } = await inThisProcess(['explain', 'at-least-once'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/counts [ab]:\d, that makes \d+: behind its barrier, but into the snapshot/)
    expect(stdout).toMatch(/A SECOND TIME/)
    expect(stdout).toMatch(/counted (\d+) of (\d+) records: [ab]:\d twice/)
    expect(stdout).toMatch(/it has waited behind its barrier/)
    const [, all] = /counted \d+ of (\d+) records: each once/.exec(stdout) ?? []
    expect(Number(all)).toBeGreaterThan(1)
    expect(
      stdout.split('\n').filter((line) => /^ +ms {2}coordinator {2}Source: Numbers 1 {2}Source: Numbers 2 {2}Count$/.test(line)),
    ).toHaveLength(2)
  })

  it('as a document, found live: the same seed counts one record too many in one mode only', async () => {
    const { topic, records, runs } = documentOf(await inThisProcess(['explain', 'exactly-once', '--json']))
    expect(topic).toBe('exactly-once')
    expect(records).toBeLessThan(10)
    expect(runs).toMatchObject([
      { mode: 'at-least-once', counted: Number(records) + Number(runs[0].twice.length) },
      { mode: 'aligned', counted: records, twice: [] },
    ])
    expect(runs[0].twice.length).toBeGreaterThan(0)
  })
})

describe('what cannot be explained is refused', () => {
  const file = join(here, 'cut.json')
  writeFileSync(file, '{ "millrace": "failure", "sch')
  it.each([
    [['at-least-onc'], "'at-least-onc' is no replay token, no file and no topic (did you mean at-least-once?)"],
    [['mr1.word-cuont.aligned.1-3'], "unknown scenario 'word-cuont' (did you mean word-count?)"],
    [['mr1.word-count.sideways.1-3'], "unknown mode 'sideways'"],
    [[token, '--forks', '0'], '--forks 0: not a usable number'],
    [[join(here, 'nothing.json')], 'no such file'],
    [[file], 'not JSON, or cut short'],
  ])('%j', async (words, why) => {
    const { code, stdout, stderr } = await inThisProcess(['explain', ...words])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(why)
    expect(stderr).toContain('allowed: ')
  })
})
