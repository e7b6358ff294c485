/** Claims that several stories share. */
import type { DeliveryPromise } from '../src/history/index.js'
import type { Mode } from '../src/search/index.js'

/**
 * What a transactional sink behind a replayable source promises: as much as the state, once its reader sees committed output only.
 * Without checkpoints a job starts over from nothing: its state is that of one run over the whole input, but what an earlier try
 * had published stays.
 */
export function transactionalClaims(mode: Mode, at: string): readonly DeliveryPromise[] {
  switch (mode) {
    case 'aligned':
      return [
        { guarantee: 'exactly-once', at: 'state' },
        { guarantee: 'exactly-once', at },
      ]
    case 'at-least-once':
      return [
        { guarantee: 'at-least-once', at: 'state' },
        { guarantee: 'at-least-once', at },
      ]
    case 'off':
      return [
        { guarantee: 'exactly-once', at: 'state' },
        { guarantee: 'at-least-once', at },
      ]
  }
}

/** What a sink without transactions promises: it may repeat, whatever the state. */
export function repeatingClaims(mode: Mode, at: string): readonly DeliveryPromise[] {
  const state = mode === 'at-least-once' ? 'at-least-once' : 'exactly-once'
  return [
    { guarantee: state, at: 'state' },
    { guarantee: 'at-least-once', at },
  ]
}
