import type { ObservationPoint, OperatorShape } from '../../history/index.js'
import type { RecordedLine } from './recorded-line.js'

/** How a sink hands its output to the outside; the names of the recordings' own summary. */
export type SinkKind = '2pc' | 'legacy' | 'file' | 'append' | 'alo' | 'none' | 'kafka'

/** What the lines of a recording tell about the job that made them. */
export interface RecordingShape {
  readonly operators: readonly OperatorShape[]
  /** Name of the sink; `Sink` when it never wrote. */
  readonly sink: string
  /** The source, where its records are shown only by the operator chained to it. */
  readonly chainedSource: { readonly source: string; readonly operator: string } | undefined
  readonly sinkKind: SinkKind
  /** Observation points of the sink, the most careful reader first. */
  readonly observed: readonly ObservationPoint[]
  /** The sink pre-committed something. */
  readonly transactional: boolean
  /** At least one checkpoint was triggered. */
  readonly checkpoints: boolean
}

/** What was seen of each operator. */
interface Seen {
  readonly kinds: Map<string, Set<string>>
  readonly tasks: Map<string, number>
  readonly evs: Set<string>
  readonly flushes: Set<string>
  parallelism: number
  counting: boolean
}

/** Looks over all lines of a recording. `beside` says that a tree of finished files lies beside it. */
export function shapeOf(lines: readonly RecordedLine[], summaryKind: SinkKind | undefined, filesBeside: boolean): RecordingShape {
  const seen = lookOver(lines)
  const sinkKind = summaryKind ?? guessSinkKind(seen, filesBeside)
  const observed = observedAt(sinkKind)
  const sink = withKind(seen, 'sink_write')[0] ?? 'Sink'
  const operators = operatorsOf(seen, sink, observed)
  const source = operators.find((operator) => operator.role === 'source')
  const first = operators.find((operator) => operator.role === 'operator')
  const hidden = source !== undefined && first !== undefined && !seen.evs.has('emit') && source.task === first.task
  return {
    operators,
    sink,
    chainedSource: hidden ? { source: source.name, operator: first.name } : undefined,
    sinkKind,
    observed,
    transactional: seen.evs.has('precommit'),
    checkpoints: seen.evs.has('log_cp_trigger'),
  }
}

function lookOver(lines: readonly RecordedLine[]): Seen {
  const seen: Seen = { kinds: new Map(), tasks: new Map(), evs: new Set(), flushes: new Set(), parallelism: 1, counting: false }
  for (const line of lines) {
    seen.evs.add(line.ev)
    const op = line.optionalText('op')
    if (op !== undefined) noteKind(seen.kinds, op, line.ev)
    if (line.ev === 'job_submit') seen.parallelism = Math.max(seen.parallelism, line.optionalInteger('par') ?? 1)
    else if (line.ev === 'task_state') noteTask(seen.tasks, line)
    else if (line.ev === 'sink_flush') seen.flushes.add(line.text('why'))
    else if (line.ev === 'process') seen.counting ||= line.has('count')
  }
  return seen
}

function noteKind(kinds: Map<string, Set<string>>, op: string, ev: string): void {
  const known = kinds.get(op)
  if (known === undefined) kinds.set(op, new Set([ev]))
  else known.add(ev)
}

/** Of several parallelisms of a task the largest one, because it promises less. */
function noteTask(tasks: Map<string, number>, line: RecordedLine): void {
  const task = line.text('task')
  tasks.set(task, Math.max(tasks.get(task) ?? 1, line.optionalInteger('par') ?? 1))
}

function withKind(seen: Seen, ev: string): string[] {
  return [...seen.kinds].filter(([, evs]) => evs.has(ev)).map(([op]) => op)
}

function operatorsOf(seen: Seen, sink: string, observed: readonly ObservationPoint[]): OperatorShape[] {
  const sources = [...new Set([...withKind(seen, 'emit'), ...sourcesOfTasks(seen)])]
  const between = withKind(seen, 'process').filter((op) => op !== sink)
  const committers = withKind(seen, 'commit_req').filter((op) => op !== sink)
  const shapes: OperatorShape[] = []
  const add = (role: OperatorShape['role'], names: readonly string[], inputs: readonly string[], more: Partial<OperatorShape>): void => {
    for (const name of names) {
      const tasks = tasksOf(seen.tasks.keys(), name, role)
      const [task] = tasks
      const parallelism = task === undefined ? seen.parallelism : Math.max(...tasks.map((each) => seen.tasks.get(each) ?? 1))
      shapes.push({ name, role, parallelism, inputs, ...(task === undefined || task === name ? {} : { task }), ...more })
    }
  }
  if (seen.kinds.size === 0) return shapes
  add('source', sources, [], {})
  add('operator', between, sources, seen.counting ? { stateful: true } : {})
  add('sink', [sink], between.length > 0 ? between : sources, { observed })
  add('committer', committers, [sink], {})
  return shapes
}

/** `Source: Src -> Map -> Sink: Writer` names its source even where the source itself is silent. */
function sourcesOfTasks(seen: Seen): string[] {
  return [...seen.tasks.keys()].flatMap((task) => sourceOfTask(task) ?? [])
}

/** Name of the source at the head of a task. */
export function sourceOfTask(task: string): string | undefined {
  return /^Source: (.+?)(?: -> |$)/.exec(task)?.[1]
}

/** The tasks that have an operator in their chain, by the names that Flink gives to parts of sources and sinks. */
export function tasksOf(tasks: Iterable<string>, name: string, role: OperatorShape['role']): string[] {
  const names: Record<OperatorShape['role'], readonly string[]> = {
    source: [`Source: ${name}`],
    operator: [name],
    sink: [`${name}: Writer`, `${name}: ${name}`, `Sink: ${name}`, name],
    committer: ['Sink: Committer', name],
  }
  return [...tasks].filter((task) => task.split(' -> ').some((part) => names[role].includes(part)))
}

/** Without a summary the sink's own lines tell what it is, as far as they differ. */
function guessSinkKind(seen: Seen, filesBeside: boolean): SinkKind {
  if (seen.evs.has('out_committed') || seen.evs.has('out_uncommitted')) return 'kafka'
  if (seen.evs.has('recover_commit')) return 'legacy'
  if (seen.evs.has('precommit') || seen.evs.has('txn_begin')) return '2pc'
  if (seen.evs.has('sink_flush')) return seen.flushes.has('checkpoint') ? 'alo' : 'none'
  const committing = [...seen.tasks.keys()].some((task) => task.includes('Committer'))
  return filesBeside || committing ? 'file' : 'append'
}

function observedAt(kind: SinkKind): readonly ObservationPoint[] {
  if (kind === 'kafka') return ['read_committed', 'read_uncommitted']
  return kind === 'file' ? ['finished-files'] : ['external-store']
}
