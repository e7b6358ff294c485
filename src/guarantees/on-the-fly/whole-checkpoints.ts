import { leavesFateUnknown } from '../fate-unknown.js'
import type { SmallOracle } from './small-oracle.js'
import { addSorted, checkpointKey, putSorted, removeSorted, type SortedEntries } from './sorted-entries.js'

/** What the checkpoint storage holds, as it tells itself: it is part of every state anyway. */
export interface WholeCheckpoints {
  /** Paths of state files. */
  readonly files: string[]
  /** What metadata files refer to, by their paths. */
  readonly metadata: SortedEntries<{ readonly checkpoint: number; readonly files: readonly string[] }>
  /** Checkpoints that their coordinator has given up, and of which nobody knows whether they will be in the store. */
  readonly givenUp: string[]
  wrong: string | null
}

/**
 * When a checkpoint completes, its metadata is in the storage, and so is each file that it refers to: tasks acknowledge what is durable.
 * The small form of `completed-checkpoint-is-whole`.
 */
export const wholeCheckpoints: SmallOracle<WholeCheckpoints> = {
  init: () => ({ files: [], metadata: [], givenUp: [], wrong: null }),
  step(state, fact) {
    if (state.wrong !== null) return
    switch (fact.kind) {
      case 'file-put':
        if (fact.metadata === undefined) addSorted(state.files, fact.path)
        else putSorted(state.metadata, fact.path, fact.metadata)
        return
      case 'file-deleted':
        remove(state, fact.path)
        return
      case 'checkpoint-aborted':
        if (leavesFateUnknown(fact)) addSorted(state.givenUp, checkpointKey(fact.checkpoint))
        return
      case 'checkpoint-completed':
        if (fact.savepoint !== true) complete(state, fact.checkpoint)
        return
      default:
    }
  },
  verdict: ({ wrong }) => wrong ?? undefined,
}

function remove({ files, metadata }: WholeCheckpoints, path: string): void {
  const file = files.indexOf(path)
  if (file >= 0) files.splice(file, 1)
  removeSorted(metadata, path)
}

function complete(state: WholeCheckpoints, checkpoint: number): void {
  if (state.givenUp.includes(checkpointKey(checkpoint))) return
  const [, metadata] = state.metadata.find(([, each]) => each.checkpoint === checkpoint) ?? []
  const missing = metadata === undefined ? ['its metadata'] : metadata.files.filter((path) => !state.files.includes(path))
  if (missing.length > 0) state.wrong = `checkpoint ${String(checkpoint)} completed without ${missing.join(', ')}`
}
