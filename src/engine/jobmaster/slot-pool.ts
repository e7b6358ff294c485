/**
 * Which TaskManager has a slot for which subtasks (Flink: `SlotPool`, `SlotSharingExecutionSlotAllocator`). With slot sharing one slot
 * holds a subtask of each vertex: those of the same index.
 */
import type { SubtaskId } from './deployment.js'
import { executionsOf, isEnded, type JobMaster, type RegisteredTaskManager } from './job-master.js'

/** The TaskManager of each slot, by the index of the subtasks in it. */
export type Slots = ReadonlyMap<number, RegisteredTaskManager>

/**
 * Slots for these subtasks: those that others of the same index go on in, or else free ones, spread evenly over the TaskManagers
 * (Flink: `taskmanager.load-balance.mode: SLOTS`). Undefined while there are too few.
 */
export function allocateSlots(master: JobMaster, subtasks: readonly SubtaskId[]): Slots | undefined {
  const slots = keptSlots(master)
  for (const { subtask } of subtasks) {
    if (slots.has(subtask)) continue
    const taskManager = leastTaken(master, slots)
    if (taskManager === undefined) return undefined
    slots.set(subtask, taskManager)
  }
  return slots
}

/** What has ended has given its slot back. */
function keptSlots(master: JobMaster): Map<number, RegisteredTaskManager> {
  const kept = new Map<number, RegisteredTaskManager>()
  for (const { execution, current } of executionsOf(master)) {
    const taskManager = isEnded(current) ? undefined : master.state.taskManagers.find(({ ordinal }) => ordinal === current.location)
    if (taskManager !== undefined) kept.set(execution.subtask, taskManager)
  }
  return kept
}

/** The TaskManager with a free slot that has the fewest others taken; of several the one with the lowest ordinal. */
function leastTaken(master: JobMaster, slots: Slots): RegisteredTaskManager | undefined {
  let least: RegisteredTaskManager | undefined
  let fewest = Infinity
  for (const taskManager of master.state.taskManagers) {
    const taken = [...slots.values()].filter((each) => each === taskManager).length
    if (taken >= taskManager.slots || taken >= fewest) continue
    least = taskManager
    fewest = taken
  }
  return least
}
