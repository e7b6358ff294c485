/** User code that changes in place what it was given or has emitted, as Flink allows it: nobody else sees the change. */
import { describe, expect, it } from 'vitest'
import { userCodeScenario, wordSource, type UserCode } from '../../../test/engine/user-code-scenario.js'
import { crash } from '../../faults/index.js'
import { runExperiment } from '../../search/experiment.js'
import type { DataStream } from '../graph/data-stream.js'
import { copyOf } from './record-copy.js'

type Numbered = { readonly key: string; count: number }

/** As many records as a split of `wordSource` has. */
const RECORDS = 40
const OFFSETS = Array.from({ length: RECORDS }, (_, offset) => offset)

/** What the splits hold are objects that are made once, as those of an array in a test are. */
function source(): ReturnType<typeof wordSource> {
  return wordSource(OFFSETS.map((count) => ({ key: `w${count % 3}`, count })))
}

const addThousand = (words: DataStream<Numbered>) =>
  words.map((word) => {
    word.count += 1_000
    return word
  })

function visibleCounts(job: (words: DataStream<Numbered>) => DataStream<Numbered>): number[] {
  const code: UserCode = { source, job: (words) => job(words.map((word) => word as unknown as Numbered)) as never }
  const plan = [crash('TaskManager-0').atTime(100_000), crash('TaskManager-1').atTime(150_000)]
  const { verdict, history } = runExperiment(
    { scenario: userCodeScenario('words', code), mode: 'aligned', seed: '1', plan, restores: true },
    { repeatSteps: true, keepHistory: true },
  )
  expect(verdict).toMatchObject({ verdict: 'holds', evidence: { recoveries: 2 } })
  return history.flatMap((event) => (event.kind === 'visible' ? [event.count ?? NaN] : [])).sort((a, b) => a - b)
}

/** Both splits hold the same. */
const twice = (counts: readonly number[]) => counts.flatMap((count) => [count, count])

describe('a value that user code changes in place', () => {
  it('is read again as it was', () => {
    expect(visibleCounts(addThousand)).toEqual(twice(OFFSETS.map((count) => count + 1_000)))
  })

  it('is changed for one of two operators that read the same stream, in a chain and over the network', () => {
    const both = twice([...OFFSETS, ...OFFSETS.map((count) => count + 1_000)])
    expect(visibleCounts((words) => words.union(addThousand(words)))).toEqual(both)
    expect(visibleCounts((words) => words.rebalance().union(addThousand(words.rebalance())))).toEqual(both)
  })

  it('goes out as it was when it was emitted', () => {
    const counts = visibleCounts((words) =>
      words.flatMap((word, out) => {
        out.collect(word)
        word.count += 1_000
        out.collect(word)
      }),
    )
    expect(counts).toEqual(twice([...OFFSETS, ...OFFSETS.map((count) => count + 1_000)]))
  })
})

it('a value that is no plain data is told with who has made it and where in it that is', () => {
  const record = { id: 1, timestamp: 0, value: { seen: [{ first: new Date(0) }] } as never }
  expect(() => copyOf(record, 'Keep')).toThrow('a value of Keep.seen[0].first is an instance of Date')
})
