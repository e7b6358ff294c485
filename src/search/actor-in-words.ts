import type { JobGraph } from '../engine/index.js'

/** The name of an actor for people: a task has that of its vertex, with the number of its subtask. */
export function actorInWords(name: string, { vertices }: Pick<JobGraph, 'vertices'>): string {
  const [, vertex, subtask, attempt] = /^task\/(\d+)\/(\d+)\/(\d+)$/.exec(name) ?? []
  const ofVertex = vertices[Number(vertex)]?.name
  if (ofVertex === undefined) return name
  return `${ofVertex} ${String(Number(subtask) + 1)}${attempt === '0' ? '' : ` (attempt ${attempt ?? ''})`}`
}

/** A text with the names of its tasks for people. */
export function withTasksInWords(text: string, graph: Pick<JobGraph, 'vertices'>): string {
  return text.replace(/task\/\d+\/\d+\/\d+/g, (name) => actorInWords(name, graph))
}
