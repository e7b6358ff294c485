import { describe, expect, it } from 'vitest'
import type { Word } from '../../scenarios/words.js'
import { userCodeScenario, wordSource, type UserCode } from '../../test/engine/user-code-scenario.js'
import { EventTimeSessionWindows, type DataStream, type StreamRecord, type Value } from '../engine/index.js'
import { crash } from '../faults/index.js'
import { runExperiment, type ExperimentOptions, type ExperimentResult } from './experiment.js'

function run(code: UserCode, options: ExperimentOptions = { repeatSteps: true }): ExperimentResult {
  const plan = [crash('TaskManager-0').atTime(100_000)]
  return runExperiment({ scenario: userCodeScenario('words', code), mode: 'aligned', seed: '1', plan, restores: true }, options)
}

/** A state that is kept in a closure: it is made when the job is set up, and outlives every task. */
const wrong: Readonly<Record<string, () => UserCode>> = {
  'a counter in a closure': () => {
    const counts = new Map<string, number>()
    return {
      job: (words) =>
        words
          .keyBy(({ key }) => key)
          .process({
            processElement({ key }, context) {
              const at = (counts.get(key) ?? 0) + 1
              counts.set(key, at)
              context.collect({ key, at })
            },
          }),
    }
  },
  'a set in a closure': () => {
    const seen = new Set<number>()
    return { job: (words) => words.filter(({ at }) => !seen.has(at) && seen.add(at).has(at)) }
  },
  'a buffer in a closure': () => {
    let buffer: number[] = []
    return {
      job: (words) =>
        words.flatMap(({ key, at }, out) => {
          buffer.push(at)
          if (buffer.length < 4) return
          for (const each of buffer) out.collect({ key, at: each })
          buffer = []
        }),
    }
  },
  'the highest that was seen, in a closure': () => {
    let highest = 0
    return {
      job: (words) =>
        words.filter(({ at }) => {
          highest = Math.max(highest, at)
          return at > highest - 30
        }),
    }
  },
  'a random number in a filter': () => ({ job: (words) => words.filter(() => Math.random() < 0.5) }),
  'a random number in a key': () => ({ job: (words) => words.keyBy(() => Math.floor(Math.random() * 100)).map((word) => word) }),
  'the clock': () => ({ job: (words) => words.map(({ key }) => ({ key, at: Date.now() })) }),
  'a source that keeps its offset in a closure': () => ({ source: forgetful }),
  'a sink writer that buffers in a closure': () => {
    let buffer: StreamRecord[] = []
    return {
      sink: (inner) => ({
        ...inner,
        writer: {
          ...inner.writer,
          write: (_state, record) => void buffer.push(record),
          flush(state, endOfInput, context) {
            for (const record of buffer) inner.writer.write(state, record, context)
            buffer = []
            inner.writer.flush(state, endOfInput, context)
          },
        },
      }),
    }
  },
}

/** Goes on where it has read to last, wherever the restored checkpoint is. */
function forgetful(): ReturnType<typeof wordSource> {
  const offsets = new Map<string, number>()
  const source = wordSource()
  const { reader } = source
  return {
    ...source,
    reader: {
      ...reader,
      addSplits(state, added, context) {
        const mine = added.map(({ split, offset }) => ({ split, offset: offsets.get(split) ?? offset }))
        reader.addSplits(state, mine, context)
      },
      poll: (state, emit, context) =>
        reader.poll(
          state,
          (split, offset, record, key) => {
            offsets.set(split, offset + 1)
            emit(split, offset, record, key)
          },
          context,
        ),
    },
  }
}

/** Counts and timers in keyed state, then windows. */
const sound: UserCode = {
  job: (words) =>
    words
      .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 2_000 })
      .keyBy(({ key }) => key)
      .process<{ readonly key: string; readonly at: number }>({
        countsRecords: true,
        processElement({ key, at }, context) {
          const count = Number(context.get('count') ?? 0) + 1
          context.put('count', count)
          context.put('list', [...listOf(context.get('list')), at])
          context.registerEventTimeTimer(context.timestamp + 5_000)
          context.collect({ key, at })
        },
        onTimer(timestamp, context) {
          context.collect({ key: String(context.key), at: timestamp })
        },
      })
      .keyBy(({ key }) => key)
      .window(EventTimeSessionWindows.withGap(3_000))
      .process<{ readonly key: string; readonly at: number }>({
        process(key, { start }, elements, out) {
          out.collect({ key: String(key), at: start + elements.length })
        },
      }),
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : []
}

describe('user code that does not do the same each time', () => {
  for (const [what, code] of Object.entries(wrong)) {
    it(`is found: ${what}`, () => {
      const { notDeterministic } = run(code())
      expect(notDeterministic).toMatchObject({ kind: 'differs' })
      expect(notDeterministic?.message).toContain('random numbers, or the clock')
    })
  }

  it('is told with the step, when it was taken, and whose it is', () => {
    expect(run({ job: (words) => words.keyBy(({ key }) => key).map(({ key }) => ({ key, at: Math.random() })) }).notDeterministic)
      .toMatchInlineSnapshot(`
      {
        "actor": "Map -> Sink: Writer -> Sink: Committer 1",
        "kind": "differs",
        "message": "taken again from the same state it came out differently: look for state kept outside of Flink's state (in a variable that outlives the call), random numbers, or the clock. An operator that is meant to be like that is declared so: stream.map(…).nondeterministic()",
        "step": 65,
        "timeUs": 7522,
        "what": "the timer 'work' of Map -> Sink: Writer -> Sink: Committer 1 fires",
      }
    `)
  })

  it('is not looked for where nobody asks', () => {
    expect(run({ job: (words) => words.filter(() => Math.random() < 0.5) }, {})).not.toHaveProperty('notDeterministic')
  })

  it('may be so where it is declared', () => {
    expect(run({ job: (words) => words.filter(() => Math.random() < 0.5).nondeterministic() })).not.toHaveProperty('notDeterministic')
    const declared: UserCode = {
      job: (words) =>
        words
          .map(({ key }) => ({ key, at: Math.random() }))
          .nondeterministic()
          .keyBy(({ key }) => key)
          .map((word) => word),
    }
    expect(run(declared)).not.toHaveProperty('notDeterministic')
  })
})

describe('user code that changes values in place', () => {
  it('is fine where they are kept in state: each call has its own', () => {
    const { notDeterministic } = run({
      job: (words) =>
        words
          .keyBy(({ key }) => key)
          .process({
            processElement({ key, at }, context) {
              const list = context.get('list') ?? []
              if (Array.isArray(list)) list.push(at)
              context.put('list', list)
              context.collect({ key, at })
            },
          }),
    })
    expect(notDeterministic).toBeUndefined()
  })

  it('is fine where they came from another operator, in the chain or not: each has its own', () => {
    const change = (words: DataStream<Word>) => words.map((word) => Object.assign(word, { at: 1 }))
    expect(run({ job: (words) => change(change(words).keyBy(({ key }) => key)) })).not.toHaveProperty('notDeterministic')
  })

  it('is found where a sink has sent them on', () => {
    const { notDeterministic } = run({
      sink: (inner) => ({
        ...inner,
        writer: {
          ...inner.writer,
          write(state, record, context) {
            inner.writer.write(state, record, context)
            if (typeof record.value === 'object') Object.assign(record.value ?? {}, { at: 1 })
          },
        },
      }),
    })
    expect(notDeterministic).toMatchObject({ kind: 'changed-in-place' })
    expect(notDeterministic?.message).toContain("(Cannot assign to read only property 'at' of object")
  })
})

describe('user code that does the same each time', () => {
  it('is what it is without the option: the same steps, the same verdict, the same choices', () => {
    const repeated = run(sound, { repeatSteps: true, keepChoices: true })
    const plain = run(sound, { keepChoices: true })
    expect(repeated.verdict?.verdict).toBe('holds')
    expect(repeated.verdict?.evidence.recordsReplayed).toBeGreaterThan(0)
    expect(repeated).not.toHaveProperty('notDeterministic')
    for (const what of ['traceHash', 'verdict', 'choices', 'history', 'reached', 'steps', 'landings'] as const)
      expect(repeated[what]).toEqual(plain[what])
  })

  it('may throw: the error is its own', () => {
    const throwing: UserCode = {
      job: (words) =>
        words.map((word) => {
          if (word.at === 7) throw new RangeError('seven')
          return word
        }),
    }
    expect(() => run(throwing)).toThrow('seven')
  })
})
