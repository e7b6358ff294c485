/**
 * The operators of one task, called one after another (Flink: `OperatorChain`, `ChainingOutput`, `RecordWriterOutput`).
 * What an operator emits goes to the next one by a plain call, or into the result partitions of the task.
 */
import { copyPlainOf, UserCodeError, type ActorRef, type Caller, type Lane, type Outcome } from '../../world/index.js'
import type { FrequentFact, HistoryFact } from '../../history/index.js'
import { callerOf } from '../actor-types.js'
import type { ChainedOperator } from '../graph/job-graph.js'
import { NOBODY, outputStreams, type OutputStream } from '../graph/destinations.js'
import { MAX_WATERMARK, watermark } from '../network/buffer.js'
import type { OperatorContext } from '../operator.js'
import { recordTimer } from '../operators/timers.js'
import { derivedIdentity, type StreamRecord } from '../record.js'
import type { KeyTimer } from '../state/heap-keyed-state.js'
import { KeyedAccess } from '../state/keyed-access.js'
import { copyOf } from './record-copy.js'
import { broadcastElement, writeCopies, writeRecord } from './record-writer.js'
import type { Task } from './task.js'
import type { OperatorRuntime } from './task-state.js'

/**
 * Timers that may fire, beside those that were due, without one of a later time among them; at the end of the input, where every time
 * has come, altogether.
 */
const MOST_FIRINGS = 100_000

/** Timers of operators: the operator's place in the chain and the name of the wake-up follow. */
const WAKE_UP = 'operator/'

/** Which operator of the chain a timer wakes, and the name it gave the wake-up. */
export interface WakeUp {
  readonly index: number
  readonly wakeUp: string
}

/** Whose wake-up a timer of this name is. */
export function parseWakeUp(timer: string): WakeUp {
  const end = timer.indexOf('/', WAKE_UP.length)
  return { index: Number(timer.slice(WAKE_UP.length, end)), wakeUp: timer.slice(end + 1) }
}

/** The context of one operator of the chain, for the task at whose desk it stands. */
export class OperatorCall implements OperatorContext {
  readonly keyed = new KeyedAccess()
  /** The main output, then the side outputs. */
  private readonly streams: readonly OutputStream[]
  /** Names of the task's timers by those of the operator's wake-ups: made once. */
  private readonly timers = new Map<string, string>()

  constructor(
    private readonly task: Task,
    private readonly operator: ChainedOperator,
    private readonly index: number,
  ) {
    this.streams = outputStreams(task.graph, task.vertex, operator)
  }

  get vertex(): string {
    return this.operator.name
  }
  get uid(): string {
    return this.operator.uid
  }
  get subtask(): number {
    return this.task.deployment.subtask
  }
  get attempt(): number {
    return this.task.deployment.attempt
  }
  get parallelism(): number {
    return this.task.vertex.parallelism
  }
  get restored(): number | undefined {
    return this.task.deployment.restore?.checkpoint
  }
  get watermark(): number {
    return this.task.state.operators[this.index]?.watermark ?? -Infinity
  }

  emit(record: StreamRecord): void {
    this.output(record, undefined)
  }

  emitToSide(tag: string, record: StreamRecord): void {
    this.output(record, tag)
  }

  destinations(tag: string | undefined): readonly string[] | undefined {
    const stream = this.stream(tag)
    return stream === undefined ? NOBODY : stream.destinations
  }

  private output(record: StreamRecord, tag: string | undefined): void {
    const stream = this.stream(tag)
    if (stream === undefined) return
    if (stream.copied) return this.outputCopies(stream, record)
    for (const { output } of stream.ways) {
      const own = copyOf(record, this.vertex)
      if (output.to === 'operator') processInChain(this.task, output.operator, own, 0)
      else writeRecord(this.task, output.edge, own)
    }
  }

  /** Each way, and each subtask at the end of a broadcast edge, gets a record of its own. */
  private outputCopies(stream: OutputStream, record: StreamRecord): void {
    let index = 0
    for (const { output, to } of stream.ways) {
      const copy = (): StreamRecord => this.copy(record, index++, to)
      if (output.to === 'operator') processInChain(this.task, output.operator, copy(), 0)
      else writeCopies(this.task, output.edge, copy)
    }
  }

  private copy({ id: cause, value, timestamp }: StreamRecord, index: number, to: readonly string[]): StreamRecord {
    const id = derivedIdentity(cause, this.operator.ordinal, index)
    const { vertex, subtask, attempt } = this
    this.record?.({ kind: 'emit', id, causes: [cause], to, vertex, subtask, attempt, seq: 0, t: 0 })
    return { id, value: copyPlainOf(vertex, value), timestamp }
  }

  private stream(tag: string | undefined): OutputStream | undefined {
    for (const stream of this.streams) if (stream.tag === tag) return stream
    return undefined
  }

  emitWatermark(timestamp: number): void {
    for (const output of this.operator.outputs) {
      if (output.to === 'operator') advanceWatermark(this.task, output.operator, timestamp)
      else broadcastElement(this.task, output.edge, watermark(timestamp))
    }
  }

  call<M extends { readonly kind: string }>(system: ActorRef<M>, request: M, lane?: Lane): void {
    // Whoever asks wants to know when nobody will answer. Behind a broken connection this opens another one, before the request goes.
    this.task.context.watch(system, 0)
    this.task.context.send(system, request, lane)
  }

  caller<A>(): Caller<A> {
    return callerOf(this.task.context.self, this.index)
  }

  wakeAfter(name: string, delayUs: number): void {
    let timer = this.timers.get(name)
    if (timer === undefined) {
      this.timers.set(name, (timer = `${WAKE_UP}${String(this.index)}/${name}`))
      this.task.wakeUps.set(timer, { index: this.index, wakeUp: name })
    }
    this.task.context.timer(timer, delayUs)
  }

  cancelWakeUp(name: string): void {
    this.task.context.cancel(this.timers.get(name) ?? `${WAKE_UP}${String(this.index)}/${name}`)
  }

  processingTime(): number {
    const { name, deterministic } = this.operator
    if (deterministic !== false) throw new UserCodeError(`${name} asks for the processing time: it must be declared nondeterministic()`)
    return this.task.context.now()
  }

  choose(label: string, n: number): number {
    return this.task.context.choose(label, n)
  }

  reach(failpoint: string): void {
    this.task.context.reach(failpoint)
  }

  fails(failpoint: string): boolean {
    return this.task.context.fails(failpoint)
  }

  outcome(failpoint: string): Outcome {
    return this.task.context.outcome(failpoint)
  }

  get record(): ((fact: HistoryFact | FrequentFact) => void) | undefined {
    return this.task.context.record
  }
}

/** Hands a record to operator `index` of the chain. */
export function processInChain(task: Task, index: number, record: StreamRecord, input: number): void {
  const operator = task.vertex.operators[index]
  const runtime = task.state.operators[index]
  const call = task.calls[index]
  if (operator === undefined || runtime === undefined || call === undefined) return
  const keyOf = operator.keyOf[input]
  const keyed = keyOf === undefined || runtime.keyed === null ? undefined : call.keyed.at(runtime.keyed, keyOf(record.value))
  operator.code.process?.(runtime.state, record, input, call, keyed)
}

/** Advances an operator's event time: timers that are due fire before the watermark goes on. */
export function advanceWatermark(task: Task, index: number, timestamp: number): void {
  const operator = task.vertex.operators[index]
  const runtime = task.state.operators[index]
  const call = task.calls[index]
  if (operator === undefined || runtime === undefined || call === undefined || timestamp <= runtime.watermark) return
  runtime.watermark = timestamp
  if (runtime.keyed !== null) fireTimers(operator, runtime, call, timestamp)
  if (operator.code.watermark === undefined) call.emitWatermark(timestamp)
  else operator.code.watermark(runtime.state, timestamp, call)
}

function fireTimers(operator: ChainedOperator, runtime: OperatorRuntime, call: OperatorCall, until: number): void {
  const { keyed } = runtime
  // What was registered before may be any number.
  const most = MOST_FIRINGS + (keyed?.timers.length ?? 0)
  let latest = -Infinity
  for (let firings = 0; ; firings++) {
    const timer = keyed?.timers[0]
    if (keyed === null || timer === undefined || timer.timestamp > until) return
    if (timer.timestamp > latest && until < MAX_WATERMARK) [latest, firings] = [timer.timestamp, 0]
    if (firings === most) throw endless(timer, until, call)
    recordTimer('fired', timer.key, timer.timestamp, timer.namespace, call)
    // Removed before it fires (Flink: poll, then fire), so that a callback may register it again.
    keyed.timers = keyed.timers.slice(1)
    operator.code.timer?.(runtime.state, timer.timestamp, timer.namespace, call, call.keyed.at(keyed, timer.key), timer.firing)
  }
}

/** In Flink such a job hangs: what `onTimer` registers for a time that has passed fires at once. */
function endless({ key, timestamp }: KeyTimer, until: number, { vertex }: OperatorCall): UserCodeError {
  const fired = `${vertex}: the timer of key ${String(key)} at ${String(timestamp)} µs has fired`
  if (until < MAX_WATERMARK)
    return new UserCodeError(
      `${fired}, and event time does not go on: its function registers timers for times that have passed, without end`,
    )
  const remedy = 'where `context.watermark` is MAX_WATERMARK it must register none'
  return new UserCodeError(`${fired}, and at the end of the input its function goes on registering timers, without end; ${remedy}`)
}

/** The first operator whose call blocks the task's thread, or -1. */
export function blockedOperator(task: Task): number {
  for (const index of task.blocking) {
    const state = task.state.operators[index]?.state
    if (state !== undefined && task.vertex.operators[index]?.code.busy?.(state) === true) return index
  }
  return -1
}

/** The failure that an operator met, if any. */
export function chainFailure(task: Task): string | undefined {
  for (const index of task.failing) {
    const state = task.state.operators[index]?.state
    const failure = state === undefined ? undefined : task.vertex.operators[index]?.code.failure?.(state)
    if (failure !== undefined) return failure
  }
  return undefined
}
