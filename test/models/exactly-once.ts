/**
 * A consumer that reads, writes and commits its offset in one transaction, in two processes that each may restart once, fenced by a
 * token: as specified in `ExactlyOnce.tla` (fqaiser94/tla-exactly-once). Whoever is fenced or done stays so, as a step that changes
 * nothing.
 */
import { always, eventually, sometimes, type Model } from '../../src/check/index.js'

type Counter = 'AcquireToken' | 'Consume' | 'ProduceCommit' | 'Fenced' | 'Done'

/** One of the two processes. */
interface Consumer {
  readonly at: Counter
  readonly buffer: number | null
  readonly token: number | null
  readonly restarts: number
}

/** All of the specification's variables. */
export interface ExactlyOnceState {
  readonly output: readonly number[]
  readonly committed: number
  readonly token: number
  readonly consumers: readonly Consumer[]
}

/** A process goes on, or restarts. */
export interface ExactlyOnceAction {
  readonly kind: Counter | 'Restart'
  readonly consumer: number
}

const input = [1]

/** Two processes, one record. `fenced`: whether a token keeps the older of them from committing. */
export function exactlyOnce(fenced = true): Model<ExactlyOnceState, ExactlyOnceAction> {
  return {
    name: `ExactlyOnce${fenced ? '' : ' without fencing'}`,
    initial: () => {
      const consumer = { at: 'AcquireToken', buffer: null, token: null, restarts: 1 } as const
      return [{ output: [], committed: 1, token: 0, consumers: [consumer, consumer] }]
    },
    actions: ({ consumers }) =>
      consumers.flatMap(({ at, restarts }, consumer) => {
        const mayRestart = restarts > 0 && at !== 'Fenced' && at !== 'Done'
        return [{ kind: at, consumer }, ...(mayRestart ? [{ kind: 'Restart' as const, consumer }] : [])]
      }),
    next: (state, action) => next(state, action, fenced),
    properties: [
      always('nothing is written twice', ({ output }) => new Set(output).size === output.length),
      sometimes('somebody is fenced', ({ consumers }) => consumers.some(({ at }) => at === 'Fenced')),
      eventually('both come to an end', ({ consumers }) => consumers.every(({ at }) => at === 'Fenced' || at === 'Done')),
      eventually('everything is written', ({ output }) => input.every((record) => output.includes(record))),
    ],
    fairness: ({ consumer }) => `consumer ${consumer}`,
  }
}

function next(state: ExactlyOnceState, { kind, consumer: id }: ExactlyOnceAction, fenced: boolean): ExactlyOnceState {
  const { at, buffer, token, restarts } = state.consumers[id]!
  const changed = (changes: Partial<Consumer>) => state.consumers.with(id, { at, buffer, token, restarts, ...changes })
  switch (kind) {
    case 'AcquireToken':
      return { ...state, token: state.token + 1, consumers: changed({ token: state.token + 1, at: 'Consume' }) }
    case 'Consume': {
      const record = input[state.committed - 1]
      return { ...state, consumers: changed(record === undefined ? { buffer: null, at: 'Done' } : { buffer: record, at: 'ProduceCommit' }) }
    }
    case 'ProduceCommit':
      if (fenced && token !== state.token) return { ...state, consumers: changed({ at: 'Fenced' }) }
      return { ...state, output: [...state.output, buffer!], committed: buffer! + 1, consumers: changed({ at: 'Consume' }) }
    case 'Restart':
      return { ...state, consumers: changed({ buffer: null, at: 'AcquireToken', restarts: restarts - 1 }) }
    default:
      return state
  }
}
