/**
 * Which TaskManager has a slot for which subtasks (Flink: `SlotPool`, `SlotSharingExecutionSlotAllocator`). With slot sharing one slot
 * holds a subtask of each vertex: those of the same index.
 */
import type { SubtaskId } from './deployment.js'
import { executionsOf, isEnded, type JobMaster, type RegisteredTaskManager } from './job-master.js'

/** The TaskManager of each slot, by the index of the subtasks in it. */
export type Slots = ReadonlyMap<number, RegisteredTaskManager>

/**
 * Slots for these subtasks: those that others of the same index go on in; else where they are at home, so that one comes back to where it
 * was; else any that is free. Undefined while there are too few.
 */
export function allocateSlots(master: JobMaster, subtasks: readonly SubtaskId[]): Slots | undefined {
  const slots = keptSlots(master)
  const homes = homesOf(master)
  for (const { subtask } of subtasks) {
    const home = homes.get(subtask)
    if (!slots.has(subtask) && home !== undefined && takenOf(home, slots) < home.slots) slots.set(subtask, home)
  }
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

/** The job spread evenly over the TaskManagers, as far as their slots go (Flink: `taskmanager.load-balance.mode: SLOTS`). */
function homesOf(master: JobMaster): Slots {
  const homes = new Map<number, RegisteredTaskManager>()
  const widest = Math.max(...master.graph.vertices.map(({ parallelism }) => parallelism))
  for (let subtask = 0; subtask < widest; subtask++) {
    const taskManager = leastTaken(master, homes)
    if (taskManager !== undefined) homes.set(subtask, taskManager)
  }
  return homes
}

/** The TaskManager with a free slot that has the fewest others taken; of several the one with the lowest ordinal. */
function leastTaken(master: JobMaster, slots: Slots): RegisteredTaskManager | undefined {
  let least: RegisteredTaskManager | undefined
  let fewest = Infinity
  for (const taskManager of master.state.taskManagers) {
    const taken = takenOf(taskManager, slots)
    if (taken >= taskManager.slots || taken >= fewest) continue
    least = taskManager
    fewest = taken
  }
  return least
}

function takenOf(taskManager: RegisteredTaskManager, slots: Slots): number {
  let taken = 0
  for (const each of slots.values()) if (each === taskManager) taken++
  return taken
}
