import { describe, expect, it } from 'vitest'
import { countHistory } from '../../src/history/index.js'
import { importRecordedLines } from '../../src/flink/recordings/import-recording.js'
import { RecordedLine } from '../../src/flink/recordings/recorded-line.js'
import { type Line, judgeLines, readRecorded } from '../tampering/recorded.js'
import { FIXTURES } from './recordings-at-hand.js'
import { restoredFromOlderSavepoint } from './restored-from-older-savepoint.js'

/** Histories that a real cluster makes when somebody breaks what its guarantee takes for granted. */
describe('beyond preconditions', () => {
  it('a job restored from a savepoint older than what was committed duplicates, and that is not held against the promise', () => {
    const recorded = readRecorded(FIXTURES, 'fail-async-snapshot-tolerated')
    const lines = restoredFromOlderSavepoint(recorded, 5, 7)
    const { verdict } = judgeLines(lines, recorded.context)
    expect(verdict.protocol).toEqual([])
    expect(verdict.preconditionsBroken.map((broken) => broken.name)).toEqual(['restored-old-snapshot'])
    const claim = verdict.claims.find((each) => each.promised && each.at === 'external-store')
    const outputs = lines.filter((line) => line.ev === 'out')
    const duplicated = outputs.length - new Set(outputs.map((line) => line['id'])).size
    expect(duplicated).toBeGreaterThan(500)
    expect(claim).toMatchObject({
      guarantee: 'exactly-once',
      verdict: 'violated',
      beyond: ['restored-old-snapshot'],
      anomalies: { duplicated },
    })
    expect(verdict.verdict).toBe('holds')
    const numbered = lines.map((line, index) => new RecordedLine(index + 1, index + 1, line.ms, line.ev, line))
    const { header, events } = importRecordedLines(numbered, recorded.context)
    expect(countHistory(header, events)).toMatchObject({ visible: outputs.length, duplicated, lost: 0, keyedStateMaxError: 0 })
  })

  it('a transaction timeout shorter than the outage loses, the job FINISHED, and that is reported', () => {
    const recorded = readRecorded(FIXTURES, 'kafka-eo-timeout-control')
    const { lines, lost } = timedOut(recorded.lines, 2000)
    const configuration = { ...recorded.context.summary?.configuration, 'transaction.timeout.ms': '2000' }
    const { summary } = recorded.context
    const context = { ...recorded.context, ...(summary === undefined ? {} : { summary: { ...summary, configuration } }) }
    const { verdict } = judgeLines(lines, context)
    expect(lost).toBeGreaterThan(100)
    expect(verdict.protocol).toEqual([])
    expect(verdict.preconditionsBroken.map((broken) => broken.name)).toContain('transaction-timed-out')
    const claim = verdict.claims.find((each) => each.at === 'read_committed' && each.guarantee === 'exactly-once')
    expect(claim).toMatchObject({ promised: true, verdict: 'violated', anomalies: { lost } })
    expect(claim?.beyond).toContain('transaction-timed-out')
    expect(verdict.verdict).toBe('holds')
  })
})

/** The broker gives up every transaction that is older than the timeout when its commit comes: the commit fails and nothing is seen. */
function timedOut(lines: readonly Line[], timeoutMs: number): { lines: Line[]; lost: number } {
  const written = new Map<string, Line[]>()
  const open = new Map<unknown, Line[]>()
  for (const line of lines) {
    const writer = `${line['sub']}/${line['att']}`
    if (line.ev === 'sink_write') open.set(writer, [...(open.get(writer) ?? []), line])
    else if (line.ev === 'precommit') {
      written.set(line['txn'], open.get(writer) ?? [])
      open.delete(writer)
    }
  }
  const gone = new Set<unknown>()
  const failed = lines.map((line) => {
    const records = written.get(line['txn']) ?? []
    const began = records[0]?.ms ?? Infinity
    if (line.ev !== 'commit' || line.ms - began < timeoutMs) return line
    for (const record of records) gone.add(record['id'])
    return { ...line, result: 'failed-known' }
  })
  return { lines: failed.filter((line) => line.ev !== 'out_committed' || !gone.has(line['id'])), lost: gone.size }
}
