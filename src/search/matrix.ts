/**
 * The fault matrix of a scenario in a mode: kind of fault × failpoint × role × depth of recovery. It has the faults that the scenario
 * must survive, at the steps of the parts that its job has; what cannot come to pass there is listed with the reason.
 */
import type { JobGraph } from '../engine/index.js'
import { CALL_OUTCOMES, type Depth, type FaultMenu } from '../faults/index.js'
import { failpointCatalogue, type Failpoint } from './failpoint-catalogue.js'
import type { FaultKind, MatrixCell } from './landing.js'
import { taskRoleOf, type TaskRole } from './taker.js'

/** A cell, and why it is unreachable, if it is. */
export interface ListedCell extends MatrixCell {
  readonly reason?: string
}

/** What the matrix is made from. */
export interface MatrixSource {
  readonly menu: Omit<FaultMenu, 'reached'>
  readonly graph: JobGraph
  /** How often each step is taken by each role in a run without faults: `<failpoint> <role>`. */
  readonly census: ReadonlyMap<string, number>
}

const DEPTHS: readonly Depth[] = [0, 1, 2]
const TASK_ROLES: readonly TaskRole[] = ['source', 'operator', 'sink', 'committer']

/** All cells, in the order of the catalogue. */
export function matrixOf(source: MatrixSource): ListedCell[] {
  return failpointCatalogue.flatMap((failpoint) =>
    rolesAt(failpoint, source.graph).flatMap((role) =>
      kindsAt(failpoint, source).flatMap((fault) =>
        DEPTHS.map((depth) => {
          const cell = { fault, failpoint: failpoint.name, role, depth }
          const reason = whyUnreachable(cell, source)
          return { ...cell, ...(reason !== undefined && { reason }) }
        }),
      ),
    ),
  )
}

/** Who takes a step in this job. Without a committer no writer prepares anything for one. */
function rolesAt({ role }: Failpoint, { vertices }: JobGraph): readonly string[] {
  if (role === 'task') return TASK_ROLES.filter((candidate) => vertices.some((vertex) => taskRoleOf(vertex) === candidate))
  const commits = vertices.some(({ operators }) => operators.some((operator) => operator.role === 'committer'))
  return (role === 'writer' || role === 'committer') && !commits ? [] : [role]
}

/** The kinds of faults that may strike a failpoint: what the menu has for it, and none at steps of a part that the job does not have. */
function kindsAt(failpoint: Failpoint, { menu, graph, census }: MatrixSource): readonly FaultKind[] {
  const { name, kind } = failpoint
  if (!graph.configuration.checkpointing.enabled && OF_CHECKPOINTS.test(name)) return []
  switch (kind) {
    case 'crash': {
      const crashes = menu.moments.some((points) => points.includes(name))
      const breaks = menu.connections.length > 0
      return [...(crashes ? (['crash'] as const) : []), 'pause', 'partition', ...(breaks ? (['disconnect'] as const) : [])]
    }
    case 'exception':
      return menu.exceptions.includes(name) ? ['exception'] : []
    case 'hang':
      return menu.hangs.includes(name) ? ['hang'] : []
    case 'call':
      if (!menu.calls.includes(name) || !isMade(name, census)) return []
      return menu.later?.includes(name) === true ? CALL_OUTCOMES : CALL_OUTCOMES.filter((outcome) => outcome !== 'unknown-later')
    case 'rpc':
      return [
        ...(menu.rpcs.includes(name) ? (['lost', 'late'] as const) : []),
        ...(menu.repeated.includes(name) ? (['repeated'] as const) : []),
        ...(menu.overtaken.includes(name) ? (['overtaken'] as const) : []),
      ]
  }
}

/** Steps of the JobManager before any task of the attempts that it is about to deploy runs. */
export const BEFORE_DEPLOYMENT: ReadonlySet<string> = new Set([
  'recovery.pointers.loaded',
  'recovery.restore.chosen',
  'recovery.state.assigned',
  'recovery.tasks.deployed',
])

/** Steps that only a job with checkpoints takes. */
const OF_CHECKPOINTS = /^(?:checkpoint\.|snapshot\.|store\.(?:add|next-id)$|storage\.|task\.(?:barrier|snapshot|notify|restore\.read))/

/** Calls that a run without faults does not make although the connectors of the job may. */
const ONLY_AFTER_FAILURES: ReadonlySet<string> = new Set(['storage.get'])

/** Which calls a job makes is up to its connectors and their settings: none that they do not make is a part of it. */
function isMade(call: string, census: ReadonlyMap<string, number>): boolean {
  return ONLY_AFTER_FAILURES.has(call) || [...census.keys()].some((key) => key.startsWith(`${call} `))
}

/** Why no fault can land there, from the protocol and the job alone; undefined where one can. */
function whyUnreachable({ fault, failpoint: name, role, depth }: MatrixCell, { graph, census }: MatrixSource): string | undefined {
  if (fault === 'disconnect' && BEFORE_DEPLOYMENT.has(name) && depth === 0) return UNREACHABLE.notConnected
  if (name === 'task.barrier.first' && role === 'source') return UNREACHABLE.noInput
  if (name === 'recovery.failure.noticed' && depth === 0) return UNREACHABLE.begins
  if ((name === 'storage.get' || name === 'task.restore.read') && depth === 0) return UNREACHABLE.restoresOnly
  const uploads = name === 'snapshot.upload.durable' || name === 'task.restore.read'
  const { inlineThresholdBytes, storage } = graph.configuration.checkpointing
  const mayBeInline = inlineThresholdBytes > 0 || storage === 'jobmanager'
  if (uploads && mayBeInline && !census.has(`snapshot.upload.durable ${role}`)) return UNREACHABLE.inline
  return undefined
}

/** Reasons for which a cell is unreachable. */
export const UNREACHABLE = {
  noInput: 'a source has no input channel: it is triggered, and reads no barrier',
  begins: 'the recovery begins with this step: it is never taken in normal running',
  restoresOnly: 'state is read for a restore only, and the first deployment has none to restore',
  notConnected:
    'in normal running this step is that of the first deployment: no task runs yet, and nothing connects TaskManagers to each other or to the outside',
  inline:
    'state of this role is kept by the JobManager, or smaller than execution.checkpointing.data-inline-threshold: it travels in the acknowledgement',
} as const
