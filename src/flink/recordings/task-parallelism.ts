import type { RecordedLine } from './recorded-line.js'
import type { RecordingShape } from './recording-shape.js'

/**
 * The parallelism of what is initialised, for lines that leave it out, as those of committers and of sinks of the old interface do. The
 * lines of its task tell it: an adaptive scheduler may give each attempt another one. They are the JobManager's, and may come after the
 * operator's own. A JobManager that takes a job over may count attempts from 0 again, and is asked apart.
 */
export function parallelismOfTasks(lines: readonly RecordedLine[], { operators }: RecordingShape): ReadonlyMap<RecordedLine, number> {
  const tasks = new Map(operators.map(({ name, task = name }) => [name, task]))
  const told = new Map<string, number>()
  const asked: (readonly [line: RecordedLine, attempt: string])[] = []
  let graphs = 0
  for (const line of lines) {
    if (makesGraph(line)) graphs++
    else if (line.ev === 'task_state' && line.has('par')) told.set(attemptOf(graphs, line.text('task'), line), line.integer('par'))
    else if (line.ev === 'init' && !line.has('par')) {
      const operator = line.text('op')
      asked.push([line, attemptOf(graphs, tasks.get(operator) ?? operator, line)])
    }
  }
  return new Map(
    asked.flatMap(([line, attempt]) => {
      const parallelism = told.get(attempt)
      return parallelism === undefined ? [] : [[line, parallelism] as const]
    }),
  )
}

/** A new job, or the graph of a job is made anew. */
export function makesGraph(line: RecordedLine): boolean {
  return line.ev === 'job_submit' || (line.ev === 'job_state' && line.optionalText('from') === 'CREATED')
}

function attemptOf(graph: number, task: string, line: RecordedLine): string {
  return `${graph}/${task}/${line.text('sub')}/${line.text('att')}`
}
