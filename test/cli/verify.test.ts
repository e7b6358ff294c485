import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { countsOfSummary, FIXTURES as RECORDINGS } from '../recordings/recordings-at-hand.js'
import { documentOf, folder, inThisProcess, millrace } from './millrace.js'

const { path: here, removed } = folder()
afterAll(removed)

describe('millrace verify', () => {
  it.each(['eo-aligned-2pc', 'kafka-eo', 'sink-alo'])('%s: counts are those of its summary', async (name) => {
    const ran = await millrace(['verify', join(RECORDINGS, name), '--json'])
    expect(ran.code).toBe(0)
    const document = documentOf(ran)
    expect(document.counts).toMatchObject(countsOfSummary(RECORDINGS, name))
    expect(document).toMatchObject({ schema: 1, verdict: 'holds', protocol: [], promisedBy: expect.arrayContaining(['summary.json']) })
    expect(document.claims[0]).toMatchObject({ verdict: 'holds', anomalies: { lost: 0, duplicated: 0 } })
  })

  it('derives the strongest guarantee of a history that nobody says anything about', async () => {
    const alone = join(here, 'alone.jsonl')
    writeFileSync(alone, gunzipSync(readFileSync(join(RECORDINGS, 'sink-alo/history.jsonl.gz'))))
    const document = documentOf(await inThisProcess(['verify', alone, '--json']))
    expect(document.promisedBy).toEqual([])
    expect(document.claims.some(({ promised }: { promised: boolean }) => promised)).toBe(false)
    expect(document.strongest).toContainEqual(expect.objectContaining({ guarantee: 'at-least-once' }))
  })

  it('takes promises from a configuration', async () => {
    const alone = join(here, 'configured.jsonl')
    const conf = join(here, 'config.yaml')
    writeFileSync(alone, gunzipSync(readFileSync(join(RECORDINGS, 'eo-aligned-2pc/history.jsonl.gz'))))
    writeFileSync(conf, 'execution.checkpointing.interval: 100 ms\nexecution.checkpointing.mode: AT_LEAST_ONCE\n')
    const document = documentOf(await inThisProcess(['verify', alone, '--conf', conf, '--json']))
    expect(document.promisedBy).toEqual([conf])
    const promised = document.claims.filter((claim: { promised: boolean }) => claim.promised)
    expect(new Set(promised.map(({ guarantee }: { guarantee: string }) => guarantee))).toEqual(new Set(['at-least-once']))
  })

  it('names the rule and the line when something was changed', async () => {
    const changed = join(here, 'changed.jsonl')
    const lines = gunzipSync(readFileSync(join(RECORDINGS, 'eo-aligned-2pc/history.jsonl.gz')))
      .toString()
      .split('\n')
    const at = lines.findIndex((line) => line.includes('"ev":"notify_complete"'))
    writeFileSync(changed, lines.with(at, lines[at]!.replace('"cp":1', '"cp":9')).join('\n'))
    const ran = await inThisProcess(['verify', changed])
    expect(ran.code).toBe(1)
    expect(ran.stdout).toMatch(new RegExp(`^rules +\\S+: .*\\(lines? .*${/"seq":(\d+)/.exec(lines[at]!)![1]!}`, 'm'))
    expect(ran.stdout).toMatch(/^VIOLATED/m)
  })

  it('says of a promise that is not kept beyond its preconditions that it is not counted', async () => {
    const ran = await inThisProcess(['verify', join(RECORDINGS, 'kafka-eo-cancel-fresh-other-prefix')])
    expect(ran.stdout).toMatch(/^exactly-once at read_committed of \S+.* beyond +yes +duplicated \d+, beyond: started-without-state$/m)
    expect(ran.stdout).toMatch(
      /\nHOLDS .*\n {2}not counted: exactly-once at read_committed was promised, and is not kept \(duplicated \d+\)/,
    )
    expect(ran.code).toBe(0)
  })

  it('judges nothing where Flink refused the job', async () => {
    const ran = await inThisProcess(['verify', join(RECORDINGS, 'concurrent-unaligned')])
    expect(ran.code).toBe(4)
    expect(ran.stdout).toContain("Flink refused to run it: IllegalArgumentException: maxConcurrentCheckpoints can't be > 1")
  })
})
