/**
 * Delay-bounded scheduling (Emmi, Qadeer, Rakamarić, POPL 2011): processes take turns in a fixed order, each as long as it can, and
 * a schedule may send the one whose turn it is to the end of the line so many times. Few delays find most of what goes wrong.
 */
import { actionsByProcess, type Concurrent } from './concurrent.js'
import { Execution } from './happens-before.js'

/** Number of executions with at most so many delays that differ in more than the order of independent actions. */
export function delayBounded<S, A>(model: Concurrent<S, A>, delays: number, onTerminal?: (state: S) => void): number {
  const execution = new Execution(model)
  const found = new Set<string>()

  const visit = (state: S, turns: readonly number[], delaysLeft: number): void => {
    const enabled = actionsByProcess(model, state)
    const [process, ...others] = whoCan(turns, enabled)
    const action = process === undefined ? undefined : enabled.get(process)
    if (process === undefined || action === undefined) {
      found.add(execution.normalForm())
      onTerminal?.(state)
      return
    }
    execution.events.push(execution.next(process, action).event)
    visit(model.next(state, action), [process, ...others], delaysLeft)
    execution.events.pop()
    if (delaysLeft > 0 && others.some((other) => enabled.has(other))) visit(state, [...others, process], delaysLeft - 1)
  }

  const turns = Array.from({ length: model.processes }, (_, process) => process)
  for (const state of model.initial()) visit(state, turns, delays)
  return found.size
}

/** The line from the first process that can act: who cannot goes to the end of it without being delayed. */
function whoCan(turns: readonly number[], enabled: ReadonlyMap<number, unknown>): readonly number[] {
  const first = turns.findIndex((process) => enabled.has(process))
  return first < 0 ? [] : [...turns.slice(first), ...turns.slice(0, first)]
}
