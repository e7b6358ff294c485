/**
 * A job as data for the simulator, with everything filled in: one possibility of what the plan and its assume file leave open.
 * It is turned into a job of the engine elsewhere, through the same interface that a user writes jobs with.
 */
import { betweenCheckpointsUs, type JobConfiguration, type RestartConfiguration } from '../engine/configuration.js'
import { parseDuration } from './configuration/index.js'
import type { ShipStrategy } from './plan/index.js'
import {
  isSettled,
  noTransactionTimeout,
  replayOf,
  replays,
  shorterThanAnOutage,
  wholeJob,
  type DeliveryGuarantee,
  type JobRoles,
  type OperatorRole,
  type Replayability,
  type Role,
  type SinkKind,
  type SinkRole,
  type SourceKind,
  type SourceRole,
  type WindowName,
} from './roles/index.js'

/** How the operator treats records; `two-input` joins several inputs by key. */
export type OperatorKind = 'source' | 'map' | 'keyed' | 'window' | 'two-input' | 'sink'

/** One operator of the model, with everything filled in. */
export interface JobModelOperator {
  /** The plan's own name, with `#2` after a second one of it. */
  readonly name: string
  /** Unique within the job. */
  readonly uid: string
  readonly kind: OperatorKind
  readonly parallelism: number
  /** Name of the operator it shares a task with and gets its records from. */
  readonly chainedTo?: string
  /** The same records in the same order give the same output. */
  readonly deterministic: boolean
  readonly stateful: boolean
  readonly source?: SourceSettings
  readonly window?: WindowSettings
  readonly sink?: SinkSettings
}

/** What is settled about a source. */
export interface SourceSettings {
  /** Never `unknown`: what is not known is filled in by what the other answers imply. */
  readonly kind: SourceKind
  readonly replayable: Replayability
}

/** What is settled about a window; times in µs. */
export interface WindowSettings {
  readonly assigner: 'tumbling' | 'sliding' | 'session'
  readonly time: 'event' | 'processing'
  /** Size, or the gap of a session, µs. */
  readonly sizeUs: number
  /** Sliding windows only. */
  readonly slideUs?: number
}

/** What is settled about a sink; times in µs. */
export interface SinkSettings {
  /** Never `unknown`. */
  readonly kind: SinkKind
  readonly guarantee: DeliveryGuarantee
  /** The outside gives a transaction up after this long, µs; absent when it never does, or there is none. */
  readonly transactionTimeoutUs?: number
  /** Nobody knows the timeout, only that an outage lasts longer: it is a number that is so in the simulation. */
  readonly timeoutIsMadeUp?: true
  readonly committer: 'none' | 'same vertex' | 'other vertex'
}

/** An edge of the model, by names of operators. */
export interface JobModelEdge {
  readonly from: string
  readonly to: string
  /** Of a chained edge FORWARD. */
  readonly ship: ShipStrategy
}

export interface JobModel {
  readonly name: string
  /** Producers before consumers. */
  readonly operators: readonly JobModelOperator[]
  readonly edges: readonly JobModelEdge[]
  readonly configuration: JobConfiguration
}

/** Answers to all open questions: by label of the part, then by question. `*` is the whole job. */
export type Answers = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Fills in one possibility. Answers that a part does not have are taken from its best guess. */
export function jobModel(name: string, jobRoles: JobRoles, answers: Answers, configuration: JobConfiguration): JobModel {
  return {
    name,
    operators: jobRoles.roles.map((role) => operatorOf(role, jobRoles, answers, configuration)),
    edges: jobRoles.edges.map(({ from, to, ship }) => ({ from, to, ship })),
    configuration,
  }
}

function operatorOf(role: Role, { edges }: JobRoles, answers: Answers, configuration: JobConfiguration): JobModelOperator {
  const { label, parallelism } = role.part
  const chain = edges.find((edge) => edge.to === label && edge.chained)
  const placed = { name: label, uid: label, parallelism, ...(chain === undefined ? {} : { chainedTo: chain.from }) }
  const answer = (question: string): string | undefined => answers.get(label)?.get(question)
  switch (role.role) {
    case 'source':
      return { ...placed, kind: 'source', deterministic: true, stateful: true, source: sourceSettings(role, answer, configuration) }
    case 'sink':
      return { ...placed, kind: 'sink', deterministic: true, stateful: true, sink: sinkSettings(role, answer, configuration) }
    case 'operator':
      return { ...placed, ...userOperator(role, answers.get(wholeJob)?.get('deterministic')) }
  }
}

function userOperator(
  role: OperatorRole,
  everywhere: string | undefined,
): Pick<JobModelOperator, 'kind' | 'deterministic' | 'stateful' | 'window'> {
  const open = role.deterministic.possibilities.length > 1
  const deterministic = open && everywhere !== undefined ? everywhere === 'true' : role.deterministic.value
  const window = windowSettings(role.window)
  return { kind: kindOf(role), deterministic, stateful: role.stateful.value, ...(window === undefined ? {} : { window }) }
}

/** Size of windows whose name does not tell it. */
const usualWindowUs = 10_000_000
/** A thousand days: the times of dozens of such windows are still exact in µs. Guarantees do not depend on the length. */
const longestWindowUs = 1000 * 86_400_000_000

/** So many sliding windows a record is in at most: each is state and a timer of its own, and more of them are only slower. */
export const mostWindowsOfRecord = 10

/** A global window is keyed state with a trigger and no window to the simulator. */
function windowSettings(name: WindowName | undefined): WindowSettings | undefined {
  if (name === undefined || name.assigner === 'global') return undefined
  const sizeUs = Math.min(name.sizeUs ?? usualWindowUs, longestWindowUs)
  const base = { assigner: name.assigner, time: name.time, sizeUs }
  if (name.assigner !== 'sliding') return base
  const slideUs = Math.min(name.slideUs ?? Math.ceil(sizeUs / 2), longestWindowUs)
  return { ...base, slideUs: Math.max(slideUs, Math.ceil(sizeUs / mostWindowsOfRecord)) }
}

/** Flink's windows over all records (`windowAll`) are not keyed, but are windows all the same. */
function kindOf(role: OperatorRole): OperatorKind {
  if (role.window !== undefined && role.window.assigner !== 'global') return 'window'
  if (role.keyed && role.inputs > 1) return 'two-input'
  return role.stateful.value ? 'keyed' : 'map'
}

function sourceSettings(
  role: SourceRole,
  answer: (question: string) => string | undefined,
  { checkpointing }: JobConfiguration,
): SourceSettings {
  const answered = answer('replayable')
  const replayable = replays.find((replay) => String(replay) === answered) ?? role.replayable.value
  const kind = resolvedSourceKind(role, replayable)
  // Without checkpoints a consumer acknowledges what it gets as it gets it (`RMQSource`); only an iterator starts again.
  return { kind, replayable: kind === 'queue' && !checkpointing.enabled ? false : replayable }
}

/** A kind that is unknown, or guessed but at odds with the answer, becomes the plainest one that behaves so. */
function resolvedSourceKind({ kind }: SourceRole, replayable: Replayability): SourceKind {
  const settled = isSettled(kind) && kind.value !== 'unknown'
  const plainest = { true: 'collection', false: 'socket', redelivers: 'queue' } as const
  const fits = kind.value !== 'unknown' && replayOf(kind.value) === replayable
  return settled || fits ? kind.value : plainest[`${replayable}`]
}

function sinkSettings(role: SinkRole, answer: (question: string) => string | undefined, configuration: JobConfiguration): SinkSettings {
  const guarantee = role.guarantee.possibilities.find((possibility) => possibility === answer('guarantee')) ?? role.guarantee.value
  const timeout = guarantee === 'EXACTLY_ONCE' ? (answer('transactionTimeout') ?? role.transactionTimeout.value) : noTransactionTimeout
  const timeoutUs = timeout === shorterThanAnOutage ? timeoutShorterThanAnOutage(configuration) : parseDuration(timeout)
  return {
    kind: resolvedSinkKind(role, guarantee, timeoutUs !== undefined),
    guarantee,
    ...(timeoutUs === undefined ? {} : { transactionTimeoutUs: timeoutUs }),
    ...(timeout === shorterThanAnOutage && { timeoutIsMadeUp: true as const }),
    committer: role.part.committer ?? 'none',
  }
}

/** As for sources: two-phase when it commits, append when it does not. Files do not time out. */
function resolvedSinkKind({ kind }: SinkRole, guarantee: DeliveryGuarantee, timesOut: boolean): SinkKind {
  const transactional = guarantee === 'EXACTLY_ONCE'
  if (isSettled(kind) && kind.value !== 'unknown') return kind.value
  const fits = transactional ? ['kafka', 'two-phase', ...(timesOut ? [] : ['file'])] : ['kafka', 'append', 'async', 'print']
  return fits.includes(kind.value) ? kind.value : transactional ? 'two-phase' : 'append'
}

/**
 * A transaction timeout that nothing notices while the job runs and that an outage outlasts: the time between checkpoints and half of the
 * pause before a restart, µs. (Without restarts the job ends at the first failure; the time to notice a dead TaskManager stands in for the
 * pause.)
 */
export function timeoutShorterThanAnOutage({ checkpointing, restart, heartbeatTimeoutUs }: JobConfiguration): number {
  return betweenCheckpointsUs(checkpointing) + Math.max(1, Math.floor((firstRestartDelayUs(restart) ?? heartbeatTimeoutUs) / 2))
}

/** Pause before the first restart, µs; undefined when the job is not restarted. */
export function firstRestartDelayUs(restart: RestartConfiguration): number | undefined {
  switch (restart.type) {
    case 'none':
      return undefined
    case 'exponential-delay':
      return restart.initialBackoffUs
    case 'fixed-delay':
    case 'failure-rate':
      return restart.delayUs
  }
}
