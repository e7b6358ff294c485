import type { DeliveryPromise, HistoryHeader, ObservationPoint } from '../../history/index.js'
import type { SinkKind } from './recording-shape.js'

type Mode = HistoryHeader['mode']
type Promised = DeliveryPromise['guarantee']

/** What is known of a job when its promises are derived. */
export interface PromisingJob {
  readonly mode: Mode
  readonly sinkKind: SinkKind
  /** The delivery guarantee of a Kafka sink, where somebody told it. */
  readonly kafkaGuarantee: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE' | 'NONE' | undefined
  readonly stateful: boolean
  readonly observed: readonly ObservationPoint[]
}

/**
 * What a job promises by its configuration: its state what the checkpointing mode says, its output the weaker of that and of what the
 * sink can do. Without checkpoints nothing is promised: a restart begins anew.
 */
export function promisesOf(job: PromisingJob): DeliveryPromise[] {
  const ofMode: Promised = job.mode === 'off' ? 'none' : job.mode === 'at-least-once' ? 'at-least-once' : 'exactly-once'
  const promises: DeliveryPromise[] = job.stateful ? [{ guarantee: ofMode, at: 'state' }] : []
  for (const at of job.observed) {
    const guarantee = weaker(ofMode, ofSink(job, at))
    promises.push({ guarantee, at })
  }
  return promises
}

function ofSink(job: PromisingJob, at: ObservationPoint): Promised {
  switch (job.sinkKind) {
    case '2pc':
    case 'legacy':
    case 'file':
      return 'exactly-once'
    // Visible at each write, or flushed before every snapshot: never lost, written again after a restore.
    case 'append':
    case 'alo':
      return 'at-least-once'
    case 'none':
      return 'none'
    case 'kafka':
      if (job.kafkaGuarantee === 'EXACTLY_ONCE') return at === 'read_committed' ? 'exactly-once' : 'at-least-once'
      return job.kafkaGuarantee === 'AT_LEAST_ONCE' ? 'at-least-once' : 'none'
  }
}

function weaker(a: Promised, b: Promised): Promised {
  const order: readonly Promised[] = ['none', 'at-most-once', 'at-least-once', 'exactly-once']
  return order.indexOf(a) < order.indexOf(b) ? a : b
}

/** The checkpointing mode by configuration; undefined when nothing tells it. Keys are Flink's, values as anybody writes them. */
export function configuredMode(configuration: Readonly<Record<string, string>>, checkpoints: boolean): Mode | undefined {
  const value = (name: string): string | undefined => configuration[`execution.checkpointing.${name}`]?.toUpperCase()
  if (value('interval') === undefined && !checkpoints) return 'off'
  const mode = value('mode')
  if (mode === undefined) return undefined
  if (mode === 'AT_LEAST_ONCE') return 'at-least-once'
  return (value('unaligned.enabled') ?? value('unaligned')) === 'TRUE' ? 'unaligned' : 'aligned'
}
