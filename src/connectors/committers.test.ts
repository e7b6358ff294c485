/**
 * What every committer of a connector owes: an end comes from the answer to what was asked last, and from nothing else. What was not
 * answered may be in effect or not, so that it is asked for again: by Flink in a round of its own, by the client that the connector
 * uses, or by a restored attempt.
 */
import { describe, expect, it } from 'vitest'
import { KafkaBench } from '../../test/systems/kafka-bench.js'
import { SystemsBench } from '../../test/systems/systems-bench.js'
import { committableRecords } from '../engine/operators/committable-message.js'
import { committerOperator } from '../engine/operators/committer-operator.js'
import { OperatorHarness } from '../engine/operators/operator-harness.js'
import type { ConnectionLost } from '../engine/operator.js'
import type { Value } from '../engine/record.js'
import type { Committer } from '../engine/sink.js'
import { emptyStore, externalStore, fileSystem, fileSystemState, topicOf, type FileAnswer, type StoreAnswer } from '../systems/index.js'
import { fileSink } from './file/file-sink.js'
import { kafkaCommitter } from './kafka/kafka-committer.js'
import { KAFKA_SINK_DEFAULTS, type KafkaSinkAnswer } from './kafka/kafka-sink-options.js'
import { twoPhaseSink } from './two-phase-sink.js'

/** A committer, what names its committables, and how the outside answers for one of them. */
interface Subject<K, C extends Value, A> {
  readonly name: string
  readonly committer: Committer<K, C, A>
  readonly committables: readonly [C, C]
  readonly committed: (committable: C) => A
  readonly unanswered: (committable: C) => A
  /** Who asks again for what was not answered. */
  readonly repeated: 'in a round of its own' | 'by the client' | 'after a failure'
}

const OPTIONS = { retries: 3, checkpointing: true }

function testCommitter<K, C extends Value, A>(subject: Subject<K, C, A>): void {
  const { name, committer, committables, committed, unanswered, repeated } = subject
  const [first, second] = committables

  /** Both committables are due; the first was asked for. */
  function due() {
    const operator = new OperatorHarness(committerOperator(committer, OPTIONS))
    for (const record of committableRecords(1, 0, committables, 0)) operator.processElement(record)
    operator.notifyComplete(1)
    return operator
  }

  const asked = (of: ReturnType<typeof due>) => of.facts('commit-requested').map(({ transaction }) => transaction)
  const [one, two] = [committer.nameOf(first), committer.nameOf(second)]

  describe(name, () => {
    it('commits one after the other', () => {
      const operator = due()
      expect(asked(operator)).toEqual([one])
      operator.answer(committed(first))
      expect(asked(operator)).toEqual([one, two])
      operator.answer(committed(second))
      expect([operator.busy, operator.failure]).toEqual([false, undefined])
    })

    const lost: ConnectionLost = { kind: 'connection-lost', system: 0 }

    if (repeated === 'after a failure') {
      it.each([
        ['is not answered', unanswered(first)],
        ['loses its connection', lost],
      ])('fails when a commit %s, and keeps what it holds', (_what, answer) => {
        const operator = due()
        operator.answer(answer)
        expect([asked(operator), operator.failure]).toEqual([[one], `commit of ${one} failed`])
        const again = new OperatorHarness(committerOperator(committer, OPTIONS), { restored: operator.snapshot(1) })
        expect(asked(again)).toEqual([one])
      })
      return
    }

    if (repeated === 'by the client') {
      it('asks again for what was not answered, before it goes on, as often as it takes', () => {
        const operator = due()
        for (let tries = 1; tries <= 20; tries++) {
          operator.answer(tries % 2 === 0 ? lost : unanswered(first))
          expect([asked(operator).length, operator.busy, operator.context.wakeUps.length]).toEqual([tries, true, 1])
          operator.wake()
        }
        expect([new Set(asked(operator)), operator.failure]).toEqual([new Set([one]), undefined])
        operator.answer(committed(first))
        operator.answer(committed(second))
        expect([asked(operator).at(-1), operator.busy]).toEqual([two, false])
      })

      it('takes an answer that comes while it waits, and does not ask again', () => {
        const operator = due()
        operator.answer(unanswered(first))
        operator.answer(committed(first))
        operator.wake()
        expect(asked(operator)).toEqual([one, two])
      })

      it('takes a late answer to an earlier commit for no end of what it has asked since', () => {
        const operator = due()
        operator.answer(committed(first))
        operator.answer(committed(first))
        operator.answer(unanswered(first))
        expect([asked(operator), operator.busy, operator.context.wakeUps]).toEqual([[one, two], true, []])
      })
      return
    }

    it('tries again, behind the others, what was not answered', () => {
      const operator = due()
      operator.answer(unanswered(first))
      operator.answer(committed(second))
      expect(operator.busy).toBe(true)
      operator.wake()
      expect(asked(operator)).toEqual([one, two, one])
      operator.answer(committed(first))
      expect([operator.busy, operator.failure]).toEqual([false, undefined])
    })

    it('takes a late answer to an earlier try for no end of what it has asked since', () => {
      const operator = due()
      operator.answer(unanswered(first))
      operator.answer(committed(first))
      // Were the second one taken for done, the next round would be waited for.
      expect([asked(operator), operator.context.wakeUps]).toEqual([[one, two], []])
      operator.answer(committed(second))
      expect(operator.context.wakeUps).toHaveLength(1)
      operator.wake()
      expect(asked(operator)).toEqual([one, two, one])
    })

    it('tries again what it has asked for when the connection breaks', () => {
      const operator = due()
      operator.answer(lost)
      operator.answer(committed(second))
      operator.wake()
      expect(asked(operator)).toEqual([one, two, one])
    })
  })
}

const bench = new SystemsBench()
const store = bench.world.add(bench.process, externalStore, 'store', emptyStore())
const files = bench.world.add(bench.process, fileSystem, 'files', fileSystemState())

const { committer: ofStore } = twoPhaseSink({ store, batch: 1 })
if (ofStore !== undefined)
  testCommitter({
    name: 'committer of a two-phase sink',
    committer: ofStore,
    committables: [
      { transaction: 'a', subtask: 0 },
      { transaction: 'b', subtask: 0 },
    ],
    committed: ({ transaction }): StoreAnswer => ({ type: 'commit', transaction, result: 'applied' }),
    unanswered: ({ transaction }): StoreAnswer => ({ type: 'timeout', transaction }),
    repeated: 'in a round of its own',
  })

const { committer: ofFiles } = fileSink({ files, directory: 'out', batch: 1 })
if (ofFiles !== undefined)
  testCommitter({
    name: 'committer of a file sink',
    committer: ofFiles,
    committables: [
      { path: 'out/.a', target: 'out/a', length: 1 },
      { path: 'out/.b', target: 'out/b', length: 1 },
    ],
    committed: ({ path }): FileAnswer => ({ type: 'renamed', path, result: 'applied' }),
    unanswered: ({ path }): FileAnswer => ({ type: 'timeout', path }),
    repeated: 'after a failure',
  })

const kafka = new KafkaBench()
const options = { ...KAFKA_SINK_DEFAULTS, cluster: kafka.cluster, topic: topicOf(kafka.cluster, 'out'), transactionalIdPrefix: 'p' }
testCommitter({
  name: 'committer of a Kafka sink',
  committer: kafkaCommitter(options),
  committables: [
    { transactionalId: 'a', producer: 'a#0', epoch: 0 },
    { transactionalId: 'b', producer: 'b#0', epoch: 0 },
  ],
  committed: ({ transactionalId }): KafkaSinkAnswer => ({ type: 'transaction-ended', transactionalId, error: 'NONE' }),
  unanswered: ({ transactionalId }): KafkaSinkAnswer => ({ type: 'transaction-ended', transactionalId, error: 'REQUEST_TIMED_OUT' }),
  repeated: 'by the client',
})

describe('committer of a two-phase sink', () => {
  it.each([
    ['already', undefined],
    ['aborted', 'commit of a failed'],
    ['unknown', 'commit of a failed'],
  ] as const)('fails when the records are gone, not when they are there: %s', (result, failure) => {
    if (ofStore === undefined) throw new Error('a two-phase sink has a committer')
    const operator = new OperatorHarness(committerOperator(ofStore, { retries: 3, checkpointing: true }))
    for (const record of committableRecords(1, 0, [{ transaction: 'a', subtask: 0 }], 0)) operator.processElement(record)
    operator.notifyComplete(1)
    operator.answer({ type: 'commit', transaction: 'a', result })
    expect(operator.failure).toBe(failure)
  })
})
