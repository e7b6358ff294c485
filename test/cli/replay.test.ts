import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { documentOf, folder, inThisProcess, millrace } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

/** A seed whose transactions time out in an outage: silent loss, beyond the preconditions. */
const loss = 'mr1.kafka-transaction-timeout.aligned'

describe('millrace replay', () => {
  it('gives the same trace hash in another process, and twice in its own', async () => {
    const [one, two] = await Promise.all([millrace(['replay', `${loss}.1-0`, '--json']), millrace(['replay', `${loss}.1-0`, '--json'])])
    expect(one.code).toBe(0)
    expect(two.stdout).toBe(one.stdout)
    expect(documentOf(one)).toMatchObject({
      schema: 1,
      verdict: 'holds',
      deterministic: true,
      traceHash: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(documentOf(one).command).toBe(`npx millrace replay ${loss}.1-0`)
  })

  it('shows what the README shows', async () => {
    const readme = readFileSync('README.md', 'utf8')
    const token = /npx millrace replay (mr1\S+)/.exec(readme)?.[1] ?? ''
    const { code, stdout } = await inThisProcess(['replay', token])
    expect(code).toBe(0)
    const shown = /^BEYOND[^]*?(?=^```$)/m.exec(readme)?.[0] ?? ''
    // Times and numbers of events move with the engine; what happens does not.
    const facts = shown.split('\n').map((line) => line.replace(/^ {4}event +\d+ +[\d.]+ s {2}/, '').trim())
    expect(facts.length).toBeGreaterThan(12)
    for (const fact of facts) expect(stdout).toContain(fact)
  })

  it('writes the whole history, which verify judges as the run was judged', async () => {
    const history = join(here, 'history.jsonl.gz')
    const replayed = documentOf(await inThisProcess(['replay', 'mr1.word-count.aligned.1-3', '--history', history, '--json']))
    const verified = await inThisProcess(['verify', history, '--json'])
    expect(verified.code).toBe(0)
    const document = documentOf(verified)
    expect(document).toMatchObject({
      verdict: replayed.verdict,
      promisedBy: ['header'],
      history: { scenario: 'word-count', origin: 'simulated' },
    })
    expect(document.evidence).toEqual(replayed.evidence)
    expect(document.counts).toMatchObject({
      visible: 200,
      duplicated: 0,
      lost: 0,
      checkpointsCompleted: replayed.evidence.checkpointsCompleted,
    })
    const [first] = readFileSync(history)
    expect(first).toBe(0x1f)
  })

  it('leaves out faults, and the smaller run is found again by its own token', async () => {
    const seeds = Array.from({ length: 12 }, (_, i) => `${loss}.1-${String(i)}`)
    let token = ''
    let faults = 0
    for (const seed of seeds) {
      const { plan, counterexamples } = documentOf(await inThisProcess(['replay', seed, '--json']))
      if (plan.length > 1 && counterexamples.some(({ anomaly }: { anomaly: string }) => anomaly === 'lost')) token = seed
      faults = plan.length
      if (token !== '') break
    }
    const { stdout, code } = await inThisProcess(['replay', token, '--shrink'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^BEYOND {2}exactly-once at read_committed/)
    expect(stdout).toMatch(/beyond its preconditions: .* was given up by its transaction timeout/)
    // Some seeds lose records by themselves once the job is small enough: then no fault is left.
    const left = Number(new RegExp(`minimised +${String(faults)} faults -> (\\d), \\d+ records -> \\d+$`, 'm').exec(stdout)?.[1])
    expect(left).toBeLessThanOrEqual(1)
    const smaller = /npx millrace replay (\S+)$/m.exec(stdout)?.[1] ?? ''
    expect(smaller.split('.')).toHaveLength(5)
    const again = documentOf(await inThisProcess(['replay', smaller, '--json']))
    expect(again.plan).toHaveLength(left)
    expect(stdout).toContain(again.traceHash)
  })
})
