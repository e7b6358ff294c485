import { expect, it } from 'vitest'
import {
  abortCheckpoint,
  confirmCheckpoint,
  retainForRestore,
  retrieveLocalState,
  storeLocalState,
  type LocalStateStore,
} from './local-state-store.js'

const copyOf = (subtask: number, checkpoint: number, attempt = 0) => {
  const snapshot = { checkpoint, vertex: 'Count', subtask, attempt, state: { lists: [] }, keyed: null }
  return { vertex: 1, subtask, checkpoint, operators: [{ uid: 'count', snapshot }] }
}
const full = [copyOf(1, 2), copyOf(0, 3), copyOf(0, 1), copyOf(0, 2)].reduce<LocalStateStore>(storeLocalState, [])
const places = (store: LocalStateStore) => store.map(({ subtask, checkpoint }) => [subtask, checkpoint])
const subtask = { vertex: 1, subtask: 0 }

it('keeps one copy of each subtask and checkpoint, in order', () => {
  const all = [[0, 1], [0, 2], [0, 3], [1, 2]] // prettier-ignore
  expect(places(full)).toEqual(all)
  const again = storeLocalState(full, copyOf(0, 2, 5))
  expect(places(again)).toEqual(all)
  expect(retrieveLocalState(again, subtask, 2)[0]?.snapshot.attempt).toBe(5)
})

it('drops what is older than a completed checkpoint, and an aborted one, of that subtask', () => {
  expect(places(confirmCheckpoint(full, subtask, 2))).toEqual([[0, 2], [0, 3], [1, 2]]) // prettier-ignore
  expect(places(confirmCheckpoint(full, subtask, 3))).toEqual([[0, 3], [1, 2]]) // prettier-ignore
  expect(places(abortCheckpoint(full, subtask, 2))).toEqual([[0, 1], [0, 3], [1, 2]]) // prettier-ignore
})

it('has what a subtask is restored from, and nothing else of it behind the restore', () => {
  expect(places(retainForRestore(full, subtask, 2))).toEqual([[0, 2], [1, 2]]) // prettier-ignore
  expect(places(retainForRestore(full, subtask, null))).toEqual([[1, 2]])
  expect(retrieveLocalState(full, subtask, 2).map(({ snapshot }) => snapshot.checkpoint)).toEqual([2])
  expect(retrieveLocalState(full, subtask, 4)).toEqual([])
  expect(retrieveLocalState(full, { vertex: 0, subtask: 0 }, 2)).toEqual([])
})
