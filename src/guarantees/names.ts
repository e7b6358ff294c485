/**
 * Names by which oracles keep what they know of a subtask; each is made once, because to make one takes longer than what is done with it.
 */

/** `Count (1)`. */
export function subtaskName(vertex: string, subtask: number): string {
  return known(vertex, subtask).name
}

/** A task attempt in messages: `Count (1) attempt 2`. */
export function attemptName({ vertex, subtask, attempt }: { vertex: string; subtask: number; attempt: number }): string {
  const names = known(vertex, subtask)
  if (names.attempt !== attempt) {
    names.attempt = attempt
    names.ofAttempt = `${names.name} attempt ${String(attempt)}`
  }
  return names.ofAttempt
}

interface Names {
  readonly name: string
  /** The attempt that was asked for last. */
  attempt: number
  ofAttempt: string
}

function known(vertex: string, subtask: number): Names {
  let subtasks = cache.get(vertex)
  if (subtasks === undefined) {
    if (cache.size >= CACHED_VERTICES) cache.clear()
    cache.set(vertex, (subtasks = new Map<number, Names>()))
  }
  let names = subtasks.get(subtask)
  if (names === undefined) subtasks.set(subtask, (names = { name: `${vertex} (${String(subtask)})`, attempt: NaN, ofAttempt: '' }))
  return names
}

/** A pure cache: it never changes a result. */
const cache = new Map<string, Map<number, Names>>()
const CACHED_VERTICES = 1_000
