/**
 * Queues that begin with a section for what has priority, at the sender, at the receiver, and in the line of channels that have something
 * to read (Flink: `PrioritizedDeque`).
 */

/** Puts an element behind all that have priority as it has, and before all that have none; without priority, behind everything. */
export function enqueue<T>(queue: T[], element: T, hasPriority: (element: T) => boolean): void {
  if (!hasPriority(element)) {
    queue.push(element)
    return
  }
  let place = 0
  for (const other of queue) {
    if (!hasPriority(other)) break
    place++
  }
  queue.splice(place, 0, element)
}
