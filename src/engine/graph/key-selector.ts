import { refusePromise } from '../../world/index.js'
import type { Key, Value } from '../record.js'
import type { KeySelector } from './job-graph.js'

/** A selector as the user gives it, for the type of the stream. */
interface KeyOf<T extends Value> {
  getKey(value: T): Key
}

/** Forgets the type of the stream: the job hands a selector the values of the stream it was made for, and no others. */
export function keySelector<T extends Value>(getKey: (value: T) => Key): KeySelector {
  const selector: KeyOf<Value> = { getKey }
  return (value) => refusePromise(selector.getKey(value), 'keyBy')
}
