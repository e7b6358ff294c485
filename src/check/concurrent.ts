/** Models whose actions belong to processes, for searches that know which orders of actions are the same. */
import type { Model } from './model.js'

/** A model in which every process has at most one action at a time. */
export interface Concurrent<S, A> extends Model<S, A> {
  /** Names of all processes are 0 … processes-1. */
  readonly processes: number
  /** Whose action it is. Which action a process has next depends on what it has done and seen alone. */
  process(action: A): number
  /**
   * Whether the order of two actions of different processes can matter: one of them enables or disables the other, or the two orders
   * lead to different states. To say yes too often costs time; to say no wrongly loses behaviours.
   */
  dependent(one: A, other: A): boolean
}

/** The actions of a state by process. */
export function actionsByProcess<S, A>(model: Concurrent<S, A>, state: S): Map<number, A> {
  const byProcess = new Map<number, A>()
  for (const action of model.actions(state)) {
    const process = model.process(action)
    if (byProcess.has(process)) throw new RangeError(`process ${process} has two actions in one state`)
    byProcess.set(process, action)
  }
  return byProcess
}
