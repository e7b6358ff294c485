import type { HistoryHeader } from '../history/index.js'

/** Names of the operators that are chained in each task, by the name that `task-status` gives the task. */
export function operatorsByTask({ operators }: HistoryHeader): Map<string, string[]> {
  const tasks = new Map<string, string[]>()
  for (const { name, task = name } of operators) {
    const chain = tasks.get(task)
    if (chain === undefined) tasks.set(task, [name])
    else chain.push(name)
  }
  return tasks
}

/** Names of the sources from which records can reach an operator. */
export function sourcesOf(header: HistoryHeader, operator: string): Set<string> {
  const upstream = upstreamOf(header, operator)
  return new Set(header.operators.filter(({ name, role }) => role === 'source' && upstream.has(name)).map(({ name }) => name))
}

/** Names of the operators from which records can reach an operator, itself included. */
export function upstreamOf({ operators }: HistoryHeader, operator: string): Set<string> {
  const seen = new Set([operator])
  // A set that grows while it is walked is walked to its new end.
  for (const name of seen) for (const input of operators.find((each) => each.name === name)?.inputs ?? []) seen.add(input)
  return seen
}

/**
 * On how many ways records of one operator get to another, through operators that hand them on as they are; several edges between two
 * operators are as many.
 */
export function waysBetween({ operators }: HistoryHeader, from: string, to: string, handingOn: ReadonlySet<string>): number {
  const known = new Map([[from, 1]])
  const waysTo = (name: string): number => {
    const before = known.get(name)
    if (before !== undefined) return before
    // No graph of Flink's has a cycle; what a history says may.
    known.set(name, 0)
    const inputs = name === to || handingOn.has(name) ? (operators.find((each) => each.name === name)?.inputs ?? []) : []
    const ways = inputs.reduce((sum, input) => sum + waysTo(input), 0)
    known.set(name, ways)
    return ways
  }
  return waysTo(to)
}
