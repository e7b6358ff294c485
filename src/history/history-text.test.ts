import { describe, expect, it } from 'vitest'
import { type HistoryEvent, type HistoryHeader, HistoryFormatError, formatHistory, parseHistory, sortedJson } from './index.js'
import { eventSchema, schemaAgrees } from './event-schema.js'
import { HISTORY_KINDS } from './history-kinds.js'

const HEADER: HistoryHeader = {
  millrace: 'history',
  schema: 1,
  origin: 'simulated',
  scenario: 'word-count',
  operators: [{ name: 'Src', role: 'source', parallelism: 1, inputs: [] }],
  configuration: { 'execution.checkpointing.interval': '100 ms' },
  mode: 'aligned',
}

const EVENTS: readonly HistoryEvent[] = [
  { seq: 1, t: 0, kind: 'job-status', status: 'CREATED', job: 'j' },
  { seq: 2, t: 5, kind: 'source-emit', vertex: 'Src', subtask: 0, attempt: 0, id: '0:0', split: '0', offset: 0, key: 'a' },
  { seq: 3, t: 9, kind: 'snapshot-taken', vertex: 'Src', subtask: 0, attempt: 0, checkpoint: 1, content: { offsets: [['0', 1]] } },
]

const text = formatHistory({ header: HEADER, events: EVENTS })

function errorOf(history: string): HistoryFormatError {
  try {
    parseHistory(history)
  } catch (error) {
    if (error instanceof HistoryFormatError) return error
    throw error
  }
  throw new Error('nothing was wrong')
}

describe('the text of a history', () => {
  it('reads what it wrote, and writes the same bytes again', () => {
    const read = parseHistory(text)
    expect(read.events).toEqual(EVENTS)
    expect(read.header).toEqual({ ...HEADER, events: 3 })
    expect(formatHistory(read)).toBe(text)
  })

  it('knows a failure of the whole job, which is that of no attempt', () => {
    const lost: HistoryEvent = { seq: 1, t: 0, kind: 'failure', vertex: '', subtask: -1, attempt: -1, cause: 'heartbeat timed out' }
    const written = formatHistory({ header: HEADER, events: [lost] })
    expect(parseHistory(written).events).toEqual([lost])
    expect(errorOf(text.replace('"attempt":0', '"attempt":-1'))).toMatchObject({ what: '$.attempt is wrong' })
  })

  it('sorts keys, whatever order they were made in', () => {
    expect(sortedJson({ b: 1, a: { d: [{ y: 1, x: 2 }], c: null } })).toBe('{"a":{"c":null,"d":[{"x":2,"y":1}]},"b":1}')
  })

  it('leaves out fields it does not know', () => {
    const extended = text.replace('"id":"0:0"', '"id":"0:0","later":{"x":1}')
    expect(parseHistory(extended).events).toEqual(EVENTS)
  })

  it('says where a truncated file ends', () => {
    expect(errorOf(text.slice(0, -20))).toMatchObject({ line: 4, what: 'the file ends within this line' })
    const withoutLast = `${text.split('\n').slice(0, 3).join('\n')}\n`
    expect(errorOf(withoutLast)).toMatchObject({ line: 3, what: 'the file ends after 2 of 3 events' })
    expect(errorOf('').line).toBe(0)
  })

  it('refuses a newer schema and tells which it can read', () => {
    expect(errorOf(text.replace('"schema":1', '"schema":2'))).toMatchObject({ line: 1, allowed: 'schema 1 or older; or a newer millrace' })
  })

  it('refuses what is not JSON, has no header, an unknown kind, a wrong field or a gap, and names the line', () => {
    expect(errorOf('what?\n').what).toContain('not JSON')
    expect(errorOf('{"a":1}\n').line).toBe(1)
    expect(errorOf(text.replace('source-emit', 'source-omit'))).toMatchObject({ line: 3, what: 'unknown kind "source-omit"' })
    expect(errorOf(text.replace('"offset":0', '"offset":"x"'))).toMatchObject({ line: 3, what: '$.offset is wrong' })
    expect(errorOf(text.replace('"seq":3', '"seq":4'))).toMatchObject({ line: 4, what: 'seq is 4' })
  })

  it('reads ten times as many lines in about ten times as long', () => {
    const took = (lines: number): number => {
      const events = Array.from({ length: lines }, (_, i): HistoryEvent => {
        const seq = i + 1
        return { seq, t: seq, kind: 'state-apply', vertex: 'Count', subtask: 0, attempt: 0, id: `0:${seq}`, key: 'k', count: seq }
      })
      const large = formatHistory({ header: HEADER, events })
      const start = performance.now()
      expect(parseHistory(large).events.length).toBe(lines)
      return performance.now() - start
    }
    took(3_000)
    // The best of a few, so that a busy machine disturbs neither.
    const [few, many] = [3_000, 30_000].map((lines) => Math.min(took(lines), took(lines), took(lines)))
    expect(many).toBeLessThan(40 * (few ?? 0))
  })
})

describe('the schema', () => {
  it('has every kind once', () => {
    const inSchema = eventSchema.options.map((option) => option.shape.kind.value)
    expect([...inSchema].sort()).toEqual([...HISTORY_KINDS].sort())
    expect(schemaAgrees.length).toBe(2)
  })
})
