import type { OperatorShape } from '../../history/index.js'
import type { RecordedLine } from './recorded-line.js'
import { type RecordingShape, tasksOf } from './recording-shape.js'

/**
 * The parallelism of what is initialised. Lines that leave it out, as those of committers and of sinks of the old interface do, have that
 * of their task, which its lines tell: an adaptive scheduler may give each attempt another one. They are the JobManager's, and may come
 * after the operator's own. A JobManager that takes a job over may count attempts from 0 again, and is asked apart. Where two tasks of a
 * job have an operator of that name, its lines do not say of which of them they are.
 */
export function parallelismOfTasks(lines: readonly RecordedLine[], { operators }: RecordingShape): ReadonlyMap<RecordedLine, number> {
  const tasks = new Map(operators.map(({ name, task = name }) => [name, task]))
  const unclear = inSeveralTasks(lines, operators)
  const told = new Map<string, number>()
  const asked: (readonly [line: RecordedLine, attempt: string])[] = []
  let graphs = 0
  for (const line of lines) {
    if (makesGraph(line)) graphs++
    else if (line.ev === 'task_state' && line.has('par')) told.set(attemptOf(graphs, line.text('task'), line), line.integer('par'))
    else if (line.ev === 'init' && !unclear.has(line.text('op'))) {
      const operator = line.text('op')
      asked.push([line, attemptOf(graphs, tasks.get(operator) ?? operator, line)])
    }
  }
  return new Map(
    asked.flatMap(([line, attempt]) => {
      const parallelism = line.optionalInteger('par') ?? told.get(attempt)
      return parallelism === undefined ? [] : [[line, parallelism] as const]
    }),
  )
}

/** Operators whose name occurs in several tasks of one job; another job may chain them otherwise. */
function inSeveralTasks(lines: readonly RecordedLine[], operators: readonly OperatorShape[]): ReadonlySet<string> {
  const jobs: Set<string>[] = [new Set()]
  for (const line of lines) {
    if (line.ev === 'job_submit') jobs.push(new Set())
    else if (line.ev === 'task_state') jobs.at(-1)?.add(line.text('task'))
  }
  const several = ({ name, role }: OperatorShape): boolean => jobs.some((tasks) => tasksOf(tasks, name, role).length > 1)
  return new Set(operators.filter(several).map(({ name }) => name))
}

/** A new job, or the graph of a job is made anew. */
export function makesGraph(line: RecordedLine): boolean {
  return line.ev === 'job_submit' || (line.ev === 'job_state' && line.optionalText('from') === 'CREATED')
}

function attemptOf(graph: number, task: string, line: RecordedLine): string {
  return `${graph}/${task}/${line.text('sub')}/${line.text('att')}`
}
