import { valueInForce, type EffectiveConfiguration } from './configuration/index.js'
import { InputError } from './input-error.js'
import { mostWindowsOfRecord } from './job-model.js'
import type { ImportedPlan, PlanProblem } from './plan/index.js'
import type { JobRoles, WindowName } from './roles/index.js'

/** What in a plan cannot be checked under this configuration, besides what cannot be checked under any. */
export function problemsUnder(plan: ImportedPlan, configuration: EffectiveConfiguration): PlanProblem[] {
  const inForce = (key: string): string | undefined => valueInForce(configuration, key)?.value
  const problems: PlanProblem[] = []
  if (inForce('execution.runtime-mode') === 'BATCH' && plan.type !== 'BATCH') {
    problems.push({ reason: 'execution.runtime-mode is BATCH: the job takes no checkpoints' })
  }
  if (inForce('execution.state-recovery.approximate-local-recovery') === 'true') {
    const reason =
      'execution.state-recovery.approximate-local-recovery is true: a task that fails is restarted alone, and what was on its way is lost'
    problems.push({ reason })
  }
  if (!configuration.settings.checkpointing.unaligned || inForce('execution.checkpointing.unaligned.forced') === 'true') return problems
  const custom = plan.vertices.filter((vertex) => vertex.inputs.some((input) => input.ship === 'CUSTOM'))
  const refused = 'Flink refuses unaligned checkpoints with a custom partitioner unless execution.checkpointing.unaligned.forced is true'
  return [...problems, ...custom.map((vertex) => ({ vertex: vertex.name, reason: refused }))]
}

/**
 * Refuses a plan with more subtasks than key groups, of the vertex or else of the job, as Flink does (`ExecutionJobVertex`).
 * @throws InputError at the place of the maximum parallelism, or at the vertex that has its own
 */
export function refuseTooFewKeyGroups(plan: ImportedPlan, configuration: EffectiveConfiguration): void {
  const { maxParallelism, maxParallelismDerived } = configuration.settings
  const tooWide = plan.vertices.filter((vertex) => vertex.parallelism > (vertex.maxParallelism ?? maxParallelism))
  const [first] = tooWide
  if (maxParallelismDerived === true || first === undefined) return
  const { name, parallelism, maxParallelism: own } = first
  const reason = `Vertex ${name}'s parallelism (${String(parallelism)}) is higher than the max parallelism (${String(own ?? maxParallelism)}).`
  const allowed = `${String(Math.max(...tooWide.map((vertex) => vertex.parallelism)))} or more`
  if (own !== undefined) throw new InputError(`the plan's vertex '${name}'`, reason, allowed)
  const where = valueInForce(configuration, 'pipeline.max-parallelism')?.origin ?? 'pipeline.max-parallelism'
  throw new InputError(where, `'pipeline.max-parallelism' = ${String(maxParallelism)}: ${reason}`, allowed)
}

/** What makes a job one that delivers nothing. */
export function missingEnds({ roles, edges }: JobRoles): PlanProblem[] {
  const sinks = roles.filter(({ role }) => role === 'sink').map(({ part }) => part.label)
  if (sinks.length === 0) return [{ reason: noSink }]
  const unfed = sinks.filter((label) => !edges.some(({ to }) => to === label))
  return unfed.map((vertex) => ({ vertex, reason: 'the sink has no input: no record can come to it' }))
}

const noSink =
  "no operator is recognised as a sink: Flink names them 'NAME: Writer' (sinkTo) and 'Sink: NAME' (addSink); end the job with one of these, if only with one that discards its records"

/** Sources and operators from which nothing goes on, where others lead to sinks, in sentences. */
export function endsWithoutSink({ roles, edges }: JobRoles): string[] {
  if (roles.every(({ role }) => role !== 'sink')) return []
  const ends = roles.filter(({ role, part }) => role !== 'sink' && !edges.some(({ from }) => from === part.label))
  return ends.map(({ part }) => `'${part.label}': nothing goes on from here to a sink; what it may write itself is not judged`)
}

/** What of a plan and its configuration is simulated as something else, in sentences. */
export function simulatedOtherwise(plan: ImportedPlan, { settings }: EffectiveConfiguration): string[] {
  const { enabled, unaligned, afterTasksFinish } = settings.checkpointing
  const edges = plan.vertices.flatMap((vertex) =>
    vertex.inputs
      .filter((input) => input.ship === 'CUSTOM' || input.ship === 'unknown')
      .map((input) => {
        const what =
          input.ship === 'CUSTOM'
            ? 'a custom partitioner is user code that no plan shows'
            : 'the plan does not say how records are distributed'
        return `'${vertex.name}': ${what}; it is simulated as REBALANCE`
      }),
  )
  return [
    ...edges,
    ...(enabled && unaligned
      ? ['unaligned checkpoints are simulated as aligned ones: the guarantee is the same, how long a checkpoint takes is not']
      : []),
    ...(enabled && !afterTasksFinish
      ? [
          'checkpoints go on after tasks have finished, whatever execution.checkpointing.checkpoints-after-tasks-finish says; without them what a sink in transactions writes behind the last checkpoint of bounded input is never committed',
        ]
      : []),
    ...(enabled && !settings.highAvailability
      ? [
          'a JobManager that dies comes back and finds its checkpoints, as with high availability; without it (high-availability.type) the job is gone then',
        ]
      : []),
  ]
}

/** What of the operators is simulated as something else, in sentences. */
export function operatorsSimulatedOtherwise({ roles }: JobRoles): string[] {
  return roles.flatMap((role) => {
    const name = `'${role.part.label}'`
    if (role.role === 'sink') return role.part.committerBefore === undefined ? [] : [foreignCommitter(name, role.part.committerBefore)]
    if (role.role !== 'operator') return []
    if (role.window?.assigner === 'global') return [`${name}: a global window is simulated as state by key`]
    if (role.window !== undefined) return windowSimulatedOtherwise(name, role.window)
    if (role.keyed || !role.stateful.possibilities.includes(true)) return []
    return [`${name}: state without keys is simulated as state by key, behind an edge that distributes by key`]
  })
}

function windowSimulatedOtherwise(name: string, { time, sizeUs = 0, slideUs = sizeUs }: WindowName): string[] {
  const each = Math.ceil(sizeUs / slideUs)
  return [
    ...(time === 'processing' ? [`${name}: windows of processing time are simulated with event time`] : []),
    ...(each > mostWindowsOfRecord
      ? [
          `${name}: a record is in ${String(each)} of its windows; simulated are windows of that size that slide further, a record in ${String(mostWindowsOfRecord)}`,
        ]
      : []),
  ]
}

function foreignCommitter(sink: string, committer: string): string {
  return `${sink}: '${committer}' before it is taken for its committer; where the sink is EXACTLY_ONCE, it is simulated as one in two phases with a committer of its own`
}
