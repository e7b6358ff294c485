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
export function sourcesOf({ operators }: HistoryHeader, operator: string): Set<string> {
  const found = new Set<string>()
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const shape = operators.find((each) => each.name === name)
    if (shape?.role === 'source') found.add(name)
    for (const input of shape?.inputs ?? []) visit(input)
  }
  visit(operator)
  return found
}
