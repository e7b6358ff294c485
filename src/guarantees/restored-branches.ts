import type { BranchPoint, HistoryEvent, HistoryHeader } from '../history/index.js'
import { judge, type JudgeVerdict } from './judge.js'
import type { Finding } from './oracle.js'
import { excusesProgress } from './preconditions.js'

/** A branch: its header names its parent and the event behind which it goes its own way; its events are those behind that. */
export interface Branch {
  readonly header: HistoryHeader
  readonly events: readonly HistoryEvent[]
}

/** A run and what came of the new jobs that restored its completed checkpoints. */
export interface Family {
  readonly header: HistoryHeader
  readonly events: readonly HistoryEvent[]
  readonly branches: readonly Branch[]
}

/**
 * Restore everything: a new job that begins with any completed checkpoint of the run, in the moment in which that has completed, and meets
 * no fault finishes, and both jobs together put out what was promised, whatever the parallelism of the new one. What the run itself shows
 * already is not said again.
 */
export function restoredBranchFindings({ header, events, branches }: Family, parent: JudgeVerdict): Finding[] {
  const known = new Set(complaintsOf(parent).map(kindOf))
  return branches.flatMap((branch) => {
    const point = branch.header.branch
    if (point === undefined) return []
    const verdict = judge(ofBoth(header, branch.header), [FIRST_JOB, ...events.slice(0, point.event), ...branch.events])
    const found = complaintsOf(verdict).filter((complaint) => !known.has(kindOf(complaint)))
    return found.map(({ message, records, evidence, count }): Finding => {
      const told = `checkpoint ${String(point.checkpoint)}, restored by a new job ${parallelismOf(point)}that meets no fault: ${message}`
      const before = evidence.filter((seq) => seq < point.event)
      return {
        anomaly: 'unrestorable',
        rule: 'restore-everything',
        message: told,
        records,
        ...(count !== undefined && { count }),
        evidence: [...before, point.event],
      }
    })
  })
}

function parallelismOf({ parallelism = {} }: BranchPoint): string {
  const others = Object.entries(parallelism).map(([task, subtasks]) => `${task} × ${String(subtasks)}`)
  return others.length === 0 ? '' : `at another parallelism (${others.join(', ')}) `
}

/** The header of both jobs: of two parallelisms the larger one, because it promises less. */
function ofBoth(parent: HistoryHeader, branch: HistoryHeader): HistoryHeader {
  const operators = parent.operators.map((operator) => {
    const other = branch.operators.find(({ name }) => name === operator.name)
    return { ...operator, parallelism: Math.max(operator.parallelism, other?.parallelism ?? 0) }
  })
  return { ...parent, operators }
}

/** A branch holds two jobs, one behind the other: attempts and restarts are counted in each anew. */
const FIRST_JOB: HistoryEvent = { kind: 'job-status', status: 'CREATED', job: 'first', seq: 0, t: 0 }

/** What is wrong with a history: promised claims within their preconditions, the protocol, and progress. */
function complaintsOf(verdict: JudgeVerdict): readonly Finding[] {
  const claims = verdict.claims.filter(({ promised, beyond }) => promised && beyond.length === 0)
  const stuck = excusesProgress(verdict.preconditionsBroken) ? [] : verdict.progress.findings
  return [...claims.flatMap(({ findings }) => findings), ...verdict.protocol, ...stuck]
}

function kindOf({ anomaly, rule }: Finding): string {
  return `${anomaly}|${rule}`
}
