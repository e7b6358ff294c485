/**
 * Runs one operator by itself and keeps what it does, for tests of operators and connectors (Flink:
 * `OneInputStreamOperatorTestHarness`). It stands for the task: keyed state, timers, watermarks, snapshots.
 */
import type { HistoryFact } from '../../history/index.js'
import type { ActorRef, Caller, Lane, Outcome } from '../../world/index.js'
import { callerOf } from '../actor-types.js'
import type { KeySelector } from '../graph/job-graph.js'
import type {
  CloseReason,
  ConnectionLost,
  Failure,
  OperatorContext,
  OperatorEvent,
  OperatorState,
  PollResult,
  StreamOperator,
} from '../operator.js'
import type { StreamRecord, Value } from '../record.js'
import { KeyedAccess } from '../state/keyed-access.js'
import { openKeyedState, releaseView, takeView, writePiece, type HeapKeyedState, type KeyedSnapshot } from '../state/heap-keyed-state.js'

/** What a harness's operator is restored from. */
export interface HarnessSnapshot {
  readonly checkpoint: number
  readonly state: OperatorState
  readonly keyed: KeyedSnapshot
}

/** Where the operator runs, and what it begins with. */
export interface HarnessOptions {
  readonly vertex?: string
  readonly subtask?: number
  readonly attempt?: number
  readonly parallelism?: number
  /** Key selectors by input, for operators on keyed streams. */
  readonly keyOf?: readonly KeySelector[]
  readonly restored?: HarnessSnapshot
  /** Failpoints at which an exception is thrown. */
  readonly failing?: readonly string[]
}

/** A request to an outside system. */
export interface HarnessCall {
  readonly system: number
  readonly request: { readonly kind: string }
}

/** The context that an operator sees in a harness. */
class HarnessContext implements OperatorContext {
  readonly vertex: string
  readonly uid = 'operator'
  readonly subtask: number
  readonly attempt: number
  readonly parallelism: number
  readonly restored: number | undefined
  readonly output: StreamRecord[] = []
  readonly sideOutput: { readonly tag: string; readonly record: StreamRecord }[] = []
  readonly watermarks: number[] = []
  readonly facts: HistoryFact[] = []
  readonly calls: HarnessCall[] = []
  readonly wakeUps: { readonly name: string; readonly delayUs: number }[] = []
  readonly failing: Set<string>
  watermark = -Infinity
  now = 0

  constructor({ vertex = 'Operator', subtask = 0, attempt = 0, parallelism = 1, restored, failing = [] }: HarnessOptions) {
    this.vertex = vertex
    this.subtask = subtask
    this.attempt = attempt
    this.parallelism = parallelism
    this.restored = restored?.checkpoint
    this.failing = new Set(failing)
  }

  record = (fact: HistoryFact): void => {
    this.facts.push(fact)
  }

  emit(record: StreamRecord): void {
    this.output.push(record)
  }

  emitToSide(tag: string, record: StreamRecord): void {
    this.sideOutput.push({ tag, record })
  }

  destinations(): undefined {
    return undefined
  }

  emitWatermark(timestamp: number): void {
    this.watermarks.push(timestamp)
  }

  call<M extends { readonly kind: string }>(system: ActorRef<M>, request: M, _lane?: Lane): void {
    this.calls.push({ system, request })
  }

  caller<A>(): Caller<A> {
    return callerOf(0, 0)
  }

  wakeAfter(name: string, delayUs: number): void {
    this.wakeUps.push({ name, delayUs })
  }

  cancelWakeUp(name: string): void {
    const asked = this.wakeUps.findIndex((wakeUp) => wakeUp.name === name)
    if (asked >= 0) this.wakeUps.splice(asked, 1)
  }

  processingTime(): number {
    return this.now
  }

  choose(): number {
    return 0
  }

  reach(): void {
    // Nothing strikes in a harness.
  }

  fails(failpoint: string): boolean {
    return this.failing.has(failpoint)
  }

  outcome(): Outcome {
    return 'done'
  }
}

/** One operator; opened by the constructor. */
export class OperatorHarness<S, A> {
  readonly context: HarnessContext
  readonly state: S
  private readonly keyed: HeapKeyedState
  private readonly access = new KeyedAccess()
  private readonly keyOf: readonly KeySelector[]

  constructor(
    private readonly operator: StreamOperator<S, A>,
    options: HarnessOptions = {},
  ) {
    const { restored, keyOf = [] } = options
    this.context = new HarnessContext(options)
    this.keyOf = keyOf
    this.keyed = openKeyedState(restored?.keyed)
    this.state = operator.open(this.context, restored?.state)
  }

  get busy(): boolean {
    return this.operator.busy?.(this.state) ?? false
  }

  get failure(): Failure {
    return this.operator.failure?.(this.state)
  }

  /** Values emitted to the main output, in order. */
  get values(): readonly Value[] {
    return this.context.output.map(({ value }) => value)
  }

  /** Facts of one kind, in order. */
  facts<K extends HistoryFact['kind']>(kind: K): readonly Extract<HistoryFact, { kind: K }>[] {
    return this.context.facts.filter((fact): fact is Extract<HistoryFact, { kind: K }> => fact.kind === kind)
  }

  poll(): PollResult {
    return this.operator.poll?.(this.state, this.context) ?? 'nothing'
  }

  event(event: OperatorEvent): void {
    this.operator.event?.(this.state, event, this.context)
  }

  processElement(record: StreamRecord, input = 0): void {
    const keyOf = this.keyOf[input]
    const keyed = keyOf === undefined ? undefined : this.access.at(this.keyed, keyOf(record.value))
    this.operator.process?.(this.state, record, input, this.context, keyed)
  }

  /** Advances event time: timers that are due fire first, then the watermark goes on. */
  processWatermark(timestamp: number): void {
    const { context, operator, keyed, state } = this
    context.watermark = timestamp
    for (let [timer] = keyed.timers; timer !== undefined && timer.timestamp <= timestamp; [timer] = keyed.timers) {
      keyed.timers = keyed.timers.slice(1)
      operator.timer?.(state, timer.timestamp, timer.namespace, context, this.access.at(keyed, timer.key), timer.firing)
    }
    if (operator.watermark === undefined) context.emitWatermark(timestamp)
    else operator.watermark(state, timestamp, context)
  }

  /** Begins a checkpoint: what comes before the barrier. The barrier may go on when the operator is not busy. */
  prepareSnapshot(checkpoint: number): void {
    this.operator.prepareSnapshot?.(this.state, checkpoint, this.context)
  }

  /** The synchronous part, with keyed state written out at once. */
  snapshot(checkpoint: number): HarnessSnapshot {
    const state = this.operator.snapshot(this.state, checkpoint, this.context)
    takeView(this.keyed, checkpoint)
    const view = this.keyed.views.find((candidate) => candidate.checkpoint === checkpoint)
    if (view !== undefined) writePiece(this.keyed, view, Infinity)
    releaseView(this.keyed, checkpoint)
    return { checkpoint, state, keyed: { entries: view?.written ?? [], timers: view?.timers ?? [] } }
  }

  notifyComplete(checkpoint: number): void {
    this.operator.notifyComplete?.(this.state, checkpoint, this.context)
  }

  answer(answer: A | ConnectionLost): void {
    this.operator.answer?.(this.state, answer, this.context)
  }

  /** Lets the oldest wake-up fire. */
  wake(): void {
    const wakeUp = this.context.wakeUps.shift()
    if (wakeUp !== undefined) this.operator.woken?.(this.state, wakeUp.name, this.context)
  }

  finish(): void {
    this.operator.finish?.(this.state, this.context)
  }

  close(reason: CloseReason): void {
    this.operator.close?.(this.state, reason, this.context)
  }
}
