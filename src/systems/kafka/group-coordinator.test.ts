import { describe, expect, it } from 'vitest'
import { KafkaBench } from '../../../test/systems/kafka-bench.js'
import type { CommittedOffset, GroupAnswer, GroupRequest } from '../index.js'
import type { Caller } from '../../world/index.js'

function ask(bench: KafkaBench, request: (caller: Caller<GroupAnswer>) => GroupRequest): GroupAnswer | undefined {
  const asked = bench.client('consumer').ask<GroupAnswer, GroupRequest>(bench.cluster.groups, request)
  bench.run(10_000)
  return asked.answers[0]
}

function commit(bench: KafkaBench, group: string, offsets: readonly CommittedOffset[]): GroupAnswer | undefined {
  return ask(bench, (caller) => ({ kind: 'commit-offsets', caller, group, offsets }))
}

function fetch(bench: KafkaBench, group: string): readonly CommittedOffset[] | undefined {
  const answer = ask(bench, (caller) => ({ kind: 'fetch-offsets', caller, group }))
  return answer?.type === 'group-offsets' ? answer.offsets : undefined
}

describe('group coordinator', () => {
  it('keeps the last offsets of each group and partition, over restarts', () => {
    const bench = new KafkaBench()
    commit(bench, 'b', [{ partition: 'in-1', offset: 3 }])
    commit(bench, 'a', [{ partition: 'in-0', offset: 1 }])
    commit(bench, 'b', [
      { partition: 'in-0', offset: 7 },
      { partition: 'in-1', offset: 2 },
    ])
    bench.world.crash(bench.process)
    bench.start()
    expect(fetch(bench, 'b')).toEqual([
      { partition: 'in-0', offset: 7 },
      { partition: 'in-1', offset: 2 },
    ])
    expect(fetch(bench, 'a')).toEqual([{ partition: 'in-0', offset: 1 }])
    expect(fetch(bench, 'c')).toEqual([])
  })

  it.each([
    ['done', 'NONE', [{ partition: 'in-0', offset: 1 }]],
    ['failed', 'COORDINATOR_NOT_AVAILABLE', []],
    ['unknown-lost', 'REQUEST_TIMED_OUT', []],
    ['unknown-applied', 'REQUEST_TIMED_OUT', [{ partition: 'in-0', offset: 1 }]],
  ] as const)('answers a commit that ends %s', (outcome, error, kept) => {
    const bench = new KafkaBench()
    bench.script.set('kafka.commit-offsets', [outcome])
    expect(commit(bench, 'a', [{ partition: 'in-0', offset: 1 }])).toEqual({ type: 'offsets-committed', error })
    expect(fetch(bench, 'a')).toEqual(kept)
  })
})
