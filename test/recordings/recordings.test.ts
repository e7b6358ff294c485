import { describe, expect, it } from 'vitest'
import { importRecording, readAnyHistory } from '../../src/flink/recordings/index.js'
import { judge } from '../../src/guarantees/index.js'
import { countHistory } from '../../src/history/index.js'
import { readText } from '../../src/history/history-file.js'
import { FIXTURES, SHARED, countsOfSummary, historyOf, recordingsIn } from './recordings-at-hand.js'

/** Flink refused to run it: its history is one line, and the numbers in its summary mean nothing. */
const REFUSED = 'concurrent-unaligned'

const collections = [
  ['of the project', FIXTURES],
  ['beside the project', SHARED],
].filter(([, folder]) => recordingsIn(folder ?? '').length > 0)

describe.each(collections)('recordings %s', (_, folder = '') => {
  const names = recordingsIn(folder).filter((name) => name !== REFUSED)

  it.each(names)('%s: counts are those of its summary, from the history alone', (name) => {
    const { header, events } = importRecording(readText(historyOf(folder, name)), { scenario: name })
    expect(countHistory(header, events)).toMatchObject(countsOfSummary(folder, name))
  })

  it.each(names)('%s: counts are the same with what lies beside it; nothing is unknown; it keeps its promises and every rule', (name) => {
    const { header, events, sources, unknown, refused } = readAnyHistory(historyOf(folder, name))
    expect(countHistory(header, events)).toMatchObject(countsOfSummary(folder, name))
    expect(unknown.size).toBe(0)
    expect(refused).toBeUndefined()
    expect(sources.length).toBe(events.length)
    const { verdict, protocol, progress } = judge(header, events)
    expect(protocol).toEqual([])
    expect(progress.findings).toEqual([])
    expect(verdict).toBe('holds')
  })

  it.each(names)('%s: without anything beside it, the mode that it ran in is found and no rule is broken', (name) => {
    const alone = importRecording(readText(historyOf(folder, name)), { scenario: name })
    expect(alone.header.promises).toBeUndefined()
    expect(alone.header.mode).toBe(readAnyHistory(historyOf(folder, name)).header.mode)
    expect(judge(alone.header, alone.events).protocol).toEqual([])
  })
})

it.skipIf(recordingsIn(SHARED).length > 0)('only its own recordings were tested, because there are no others beside the project', () => {
  expect(recordingsIn(FIXTURES).length).toBeGreaterThan(10)
})

describe('the job that Flink refused', () => {
  it('says why, and has nothing to judge', () => {
    const { events, refused } = readAnyHistory(historyOf(FIXTURES, REFUSED))
    expect(events).toEqual([])
    expect(refused).toMatch(/maxConcurrentCheckpoints/)
  })
})
