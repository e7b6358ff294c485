import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { at, events, SIMULATED_JOB, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

const RECORDS = 120

/** One record on its way; what is not given is as it should be. */
interface Way {
  readonly emitted?: string
  readonly applied?: string
  readonly written?: string
  readonly count?: number
}

/** Records of the keys a and b, each of which comes to its sink as it is but for what `otherwise` says of it. */
function way(otherwise: (record: number) => Way | undefined): HistoryFact[] {
  const start: HistoryFact[] = [
    { kind: 'job-status', status: 'CREATED', job: 'j1' },
    { kind: 'job-status', status: 'RUNNING', job: 'j1' },
  ]
  const facts = Array.from({ length: RECORDS }, (_, offset): HistoryFact[] => {
    const key = offset % 2 === 0 ? 'a' : 'b'
    const id = `0:${String(offset)}`
    const right = Math.floor(offset / 2) + 1
    const { emitted = key, applied = key, written = applied, count = right } = otherwise(offset) ?? {}
    return [
      { kind: 'source-emit', ...at('Src', 0, 0), id, split: '0', offset, key: emitted },
      { kind: 'state-apply', ...at('Count', applied === 'a' ? 0 : 1, 0), id, key: applied, count: right },
      { kind: 'sink-write', ...at('Sink', 0, 0), id, key: written, count },
    ]
  })
  return [...start, ...facts.flat()]
}

function changed(otherwise: (record: number) => Way | undefined, header = SMALL_JOB): string[] {
  return judge(header, events(way(otherwise)))
    .protocol.filter(({ rule }) => rule.endsWith('-on-the-way'))
    .map(({ rule, records }) => `${rule} ${records.join(' ')}`)
}

const one =
  (record: number, how: Way) =>
  (each: number): Way | undefined =>
    each === record ? how : undefined

describe('what a record is handed on with', () => {
  it('is what it had, from the source into state and from there to the sink', () => {
    expect(changed(() => undefined)).toEqual([])
    expect(changed(one(40, { applied: 'b' }))).toEqual(['key-on-the-way 0:40'])
    expect(changed(one(41, { written: 'a' }))).toEqual(['key-on-the-way 0:41'])
    expect(changed(one(40, { count: 22 }))).toEqual(['count-on-the-way 0:40'])
  })

  it('is told independently of what is emitted in recordings only', () => {
    expect(changed(one(40, { applied: 'b' }), SIMULATED_JOB)).toEqual([])
  })

  it('may be something else where a function makes other keys or counts', () => {
    expect(changed((record) => ({ written: `page ${String(record % 3)}` }))).toEqual([])
    expect(changed((record) => ({ count: record * 10 }))).toEqual([])
    expect(changed((record) => (record % 4 === 0 ? { written: 'b' } : undefined))).toEqual([])
  })

  it('may be something else where a function does that to some values only', () => {
    expect(changed((record) => (record >= RECORDS - 2 ? { count: RECORDS / 2 - 1 } : undefined))).toEqual([])
    expect(changed(one(40, { emitted: ' a' }))).toEqual([])
  })
})
