/**
 * A job of the user's own, built from what `importJob` read: one scenario for each possibility of what the plan leaves open. Rates are
 * scaled so that about nine checkpoints of the job's own interval fall into a run, whatever that interval is: time is virtual.
 */
import type { Content } from '../src/connectors/index.js'
import {
  betweenCheckpointsUs,
  EventTimeSessionWindows,
  mapStateDescriptor,
  SlidingEventTimeWindows,
  StreamExecutionEnvironment,
  TumblingEventTimeWindows,
  type BroadcastContext,
  type DataStream,
  type JobGraph,
  type Key,
  type KeyedStream,
  type MergingWindowAssigner,
  type SingleOutputStreamOperator,
  type Value,
  type WindowAssigner,
} from '../src/engine/index.js'
import type { JobDescription, JobModel, JobModelOperator } from '../src/flink/index.js'
import type { DeliveryPromise } from '../src/history/index.js'
import type { JobSetUp, Mode, Scenario } from '../src/search/index.js'
import type { ProcessRef, World } from '../src/world/index.js'
import { addSink, addSource } from './imported-outside.js'

/** One possibility of an imported job, as a scenario. */
export interface ImportedScenario {
  readonly scenario: Scenario
  readonly mode: Mode
  /** What is assumed where the plan is silent; empty for the best guess. */
  readonly condition: string
  /** What of it concerns more than sinks. */
  readonly conditionOfState: string
  /** Conditions of the possibilities whose every behaviour is one of this one's. */
  readonly mayBeLike?: readonly string[]
}

/** The possibilities of a job, each with its scenario. `claims` are tested where given; without any the guarantee is derived. */
export function importedScenarios(
  { plan, possibilities, effective }: JobDescription,
  claims: readonly DeliveryPromise[] = [],
): readonly ImportedScenario[] {
  const { checkpointing } = effective.settings
  const mode: Mode = !checkpointing.enabled ? 'off' : checkpointing.mode === 'EXACTLY_ONCE' ? 'aligned' : 'at-least-once'
  const configuration = Object.fromEntries(effective.values.map(({ key, value }) => [key, value]))
  return possibilities.combinations.map(({ model, condition, conditionOfState, mayBeLike }, index) => ({
    mode,
    condition,
    conditionOfState,
    ...(mayBeLike !== undefined && { mayBeLike }),
    scenario: {
      name: index === 0 ? plan.name : `${plan.name} (${condition})`,
      about: condition === '' ? 'imported plan, best guess of what it leaves open' : `imported plan, if ${condition}`,
      modes: [mode],
      claims: () => claims,
      witnesses: () => [],
      setUp: (world: World) => setUpImported(world, model, configuration),
    },
  }))
}

/** Records of each source, over all of its splits, and checkpoints that shall fall into a run. */
const RECORDS = 120
const CHECKPOINTS = 9
const KEYS = 8
/** Length of a run without checkpoints, in place of their interval, µs. */
const NO_INTERVAL_US = 100_000

function setUpImported(world: World, model: JobModel, configuration: Readonly<Record<string, string>>): JobSetUp {
  const { settings, intervalUs } = scaledSettings(model)
  const builder = new ImportedJob(world, model, new StreamExecutionEnvironment(settings), intervalUs)
  const graph = builder.build()
  const widest = Math.max(...graph.vertices.map(({ parallelism }) => parallelism))
  const { restart, checkpointing } = settings
  const pauseUs =
    restart.type === 'fixed-delay' || restart.type === 'failure-rate'
      ? restart.delayUs
      : restart.type === 'exponential-delay'
        ? restart.maxBackoffUs
        : 0
  return {
    graph,
    cluster: { taskManagers: 2, slots: Math.ceil(widest / 2) },
    outside: builder.outside,
    observed: builder.observed,
    splits: builder.splits,
    configuration: { ...configuration, ...transactionTimeout(model) },
    settleUs: 1_000_000,
    limitUs:
      60_000_000 +
      60 * intervalUs +
      10 * checkpointing.timeoutUs +
      20 * pauseUs +
      4 * settings.heartbeatTimeoutUs +
      2 * settings.cancellationTimeoutUs,
  }
}

/**
 * The transaction timeout of the sinks, as Kafka's producer calls it, where they have one for all: no configuration of Flink's tells it.
 */
function transactionTimeout({ operators }: JobModel): Readonly<Record<string, string>> {
  const [timeoutUs, ...others] = new Set(operators.flatMap(({ sink }) => sink?.transactionTimeoutUs ?? []))
  return timeoutUs === undefined || others.length > 0 ? {} : { 'transaction.timeout.ms': String(timeoutUs / 1000) }
}

/**
 * The job's own settings, but for what is not simulated yet: unaligned checkpoints run aligned (the guarantee is the same). The interval is
 * how far checkpoints are apart, with the pause between them.
 */
function scaledSettings({ configuration }: JobModel): { readonly settings: JobModel['configuration']; readonly intervalUs: number } {
  const { checkpointing, network } = configuration
  const intervalUs = checkpointing.enabled ? betweenCheckpointsUs(checkpointing) : NO_INTERVAL_US
  // In a job of real size buffers fill long before their timeout; with as few records as here the timeout must be short instead.
  const bufferTimeoutUs = network.bufferTimeoutUs < 0 ? intervalUs : Math.min(network.bufferTimeoutUs, Math.floor(intervalUs / 100))
  return {
    intervalUs,
    settings: {
      ...configuration,
      highAvailability: true,
      checkpointing: { ...checkpointing, unaligned: false, afterTasksFinish: true },
      network: { ...network, segmentBytes: 400, bufferTimeoutUs },
    },
  }
}

/** Turns the model into streams, operator by operator. */
class ImportedJob {
  readonly outside: { readonly process: ProcessRef; readonly strikable: boolean }[] = []
  readonly observed = new Map<string, readonly string[]>()
  readonly splits: { readonly vertex: string; readonly split: string; readonly records: number }[] = []
  private readonly streams = new Map<string, SingleOutputStreamOperator<Value>>()
  /** Records that all subtasks of an operator send together, at most. */
  private readonly sent = new Map<string, number>()
  private readonly windowed: boolean
  private readonly eventTimeStepUs: number

  constructor(
    private readonly world: World,
    private readonly model: JobModel,
    private readonly env: StreamExecutionEnvironment,
    private readonly intervalUs: number,
  ) {
    const window = model.operators.find((operator) => operator.window !== undefined)?.window
    this.windowed = window !== undefined
    this.eventTimeStepUs = Math.max(1, Math.floor(window === undefined ? 1_000 : stepOf(window)))
  }

  build(): JobGraph {
    for (const operator of this.model.operators) this.add(operator)
    return this.env.build(this.model.name)
  }

  private add(operator: JobModelOperator): void {
    if (operator.kind === 'source') return this.addSource(operator)
    const inputs = this.inputsOf(operator)
    if (operator.kind === 'sink') return this.addSink(operator, inputs)
    const { name, uid, parallelism, chainedTo } = operator
    const arriving = arrivingAtEach(inputs, parallelism)
    this.sent.set(name, arriving * parallelism)
    const work = operator.kind === 'map' ? 0 : this.workOf(arriving, inputs)
    const stream = this.transform(operator, inputs).name(name).uid(uid).setParallelism(parallelism).work(work)
    if (!operator.deterministic) stream.nondeterministic()
    this.streams.set(name, chainedTo === undefined ? stream.startNewChain() : stream)
  }

  /**
   * Keyed operators are busy half of their time, so that barriers stand behind records and alignment takes a while; but all that comes to a
   * subtask takes half a checkpoint timeout at most: however large the interval, no checkpoint expires for the work alone.
   */
  private workOf(arriving: number, inputs: readonly Input[]): number {
    // Each reader sends a watermark behind each of its records, to every subtask.
    const watermarks = this.windowed ? inputs.reduce((sum, { records }) => sum + records, 0) : 0
    const { enabled, timeoutUs } = this.model.configuration.checkpointing
    const runUs = Math.min(CHECKPOINTS * this.intervalUs, enabled ? timeoutUs : Infinity)
    return Math.floor(runUs / (2 * Math.max(1, arriving + watermarks)))
  }

  private addSource({ name, uid, parallelism, source }: JobModelOperator): void {
    if (source === undefined) return
    const count = Math.max(2, parallelism)
    const splits = Array.from({ length: count }, (_, i) =>
      source.kind === 'kafka' && source.replayable === true ? `${name}-${String(i)}` : `${name}/${String(i)}`,
    )
    const perSplit = Math.ceil(RECORDS / count)
    const content: Content = (_split, offset) => ({
      value: { key: offset % KEYS, at: offset },
      timestamp: offset * this.eventTimeStepUs,
      key: String(offset % KEYS),
    })
    // One by one: what comes between the barriers of two readers is what tells the modes apart.
    const pace = { burst: 2, intervalUs: Math.max(1, Math.floor((2 * CHECKPOINTS * this.intervalUs) / perSplit)) }
    const added = addSource(this.world, name, source, { splits, perSplit, content, pace })
    if (added.process !== undefined) this.outside.push({ process: added.process, strikable: true })
    this.splits.push(...splits.map((split) => ({ vertex: name, split, records: perSplit })))
    this.sent.set(name, perSplit * count)
    const stream = this.env.fromSource(added.source, name).name(name).uid(uid).setParallelism(parallelism)
    this.streams.set(name, this.windowed ? this.timed(stream, name, parallelism) : stream)
  }

  /** Watermarks are made in the source's own tasks, so that no edge of the plan becomes another one for them. */
  private timed(stream: SingleOutputStreamOperator<Value>, source: string, parallelism: number): SingleOutputStreamOperator<Value> {
    return stream
      .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 10 * this.eventTimeStepUs })
      .name(`Timestamps/Watermarks of ${source}`)
      .setParallelism(parallelism)
  }

  private addSink({ name, parallelism, sink }: JobModelOperator, inputs: readonly Input[]): void {
    const first = unionOf(inputs.map(shipped))
    if (sink === undefined || first === undefined) return
    // The fluent API names writer and committer itself.
    const sinkName = name.replace(/: Writer$/, '')
    const part = addSink(this.world, first, sinkName, parallelism, { ...sink, intervalUs: this.intervalUs })
    part.processes.forEach((process, index) => this.outside.push({ process, strikable: index === 0 }))
    this.observed.set(`${sinkName}: Writer`, part.observed)
  }

  private inputsOf({ name }: JobModelOperator): readonly Input[] {
    return this.model.edges.flatMap(({ from, to, ship }) => {
      const stream = this.streams.get(from)
      return to === name && stream !== undefined ? [{ stream, ship, records: this.sent.get(from) ?? 0 }] : []
    })
  }

  private transform({ name, kind, window }: JobModelOperator, inputs: readonly Input[]): SingleOutputStreamOperator<Value> {
    // Without keys only the name that Flink gives tells broadcast state from the union of a stream that is broadcast with others.
    const isRules = kind === 'two-input' || /broadcast/i.test(name)
    const isBroadcast = ({ ship }: Input): boolean => isRules && ship === 'BROADCAST'
    const rules = unionOf(inputs.filter(isBroadcast).map(({ stream }) => stream))
    const others = unionOf(inputs.filter((input) => !isBroadcast(input)).map(shipped))
    if (rules !== undefined && others !== undefined) return withRules(kind, others, rules)
    if (kind === 'two-input') return withBoth(inputs.map(shipped))
    const input = unionOf(inputs.map(shipped))
    if (input === undefined) throw new RangeError(`${this.model.name}: an operator has no input`)
    if (kind === 'map') return input.map((value) => value)
    if (kind === 'window' && window !== undefined) return keyed(input).window(assignerOf(window)).aggregate(countWindow)
    return keyed(input).process(countKey)
  }
}

/** An edge of the plan into an operator, and the records that all subtasks of the one before send along it together, at most. */
interface Input {
  readonly stream: SingleOutputStreamOperator<Value>
  readonly ship: string
  readonly records: number
}

/** Records that come to each subtask, at most, if keys are spread evenly. */
function arrivingAtEach(inputs: readonly Input[], parallelism: number): number {
  return inputs.reduce((sum, { ship, records }) => sum + (ship === 'BROADCAST' ? records : records / parallelism), 0)
}

function unionOf([first, ...others]: readonly DataStream<Value>[]): DataStream<Value> | undefined {
  return others.length === 0 ? first : first?.union(...others)
}

/** The first input by key, and all others. */
function withBoth([first, ...others]: readonly DataStream<Value>[]): SingleOutputStreamOperator<Value> {
  const second = unionOf(others)
  if (first === undefined || second === undefined) throw new RangeError('an operator of two inputs has fewer')
  return first.connect(second).keyBy(keyOf, keyOf).process(countBoth)
}

/** What is broadcast goes into broadcast state (Flink: `BroadcastProcessFunction`, `KeyedBroadcastProcessFunction`). */
function withRules(kind: string, input: DataStream<Value>, rules: DataStream<Value>): SingleOutputStreamOperator<Value> {
  const all = rules.broadcast(RULES)
  return kind === 'map' ? input.connect(all).process(passOn) : keyed(input).connect(all).process(countUnderRules)
}

function shipped({ stream, ship }: Input): DataStream<Value> {
  switch (ship) {
    case 'HASH':
      return stream.keyBy(keyOf)
    case 'BROADCAST':
      return stream.broadcast()
    case 'SHUFFLE':
      return stream.shuffle()
    case 'GLOBAL':
      return stream.global()
    case 'RESCALE':
      return stream.rescale()
    case 'FORWARD':
      return stream.forward()
    default:
      // REBALANCE, and partitioners of the user's own, of which only the edge is known.
      return stream.rebalance()
  }
}

function keyed(stream: DataStream<Value>): KeyedStream<Value> {
  return stream.keyBy(keyOf)
}

function keyOf(value: Value): number {
  const key = typeof value === 'object' && value !== null && 'key' in value ? value['key'] : 0
  return typeof key === 'number' ? key : 0
}

type Window = NonNullable<JobModelOperator['window']>

/**
 * Event time between two records of a split: about ten fall into a window; records of one key are a little further apart than a session's
 * gap.
 */
function stepOf({ assigner, sizeUs, slideUs = sizeUs }: Window): number {
  return assigner === 'session' ? (1.25 * sizeUs) / KEYS : slideUs / 10
}

function assignerOf({ assigner, sizeUs, slideUs }: Window): WindowAssigner | MergingWindowAssigner {
  if (assigner === 'session') return EventTimeSessionWindows.withGap(sizeUs)
  return assigner === 'sliding' && slideUs !== undefined ? SlidingEventTimeWindows.of(sizeUs, slideUs) : TumblingEventTimeWindows.of(sizeUs)
}

/** Counts the records of a key and emits each count: the plainest function of keyed state. */
function countOne(value: Value, context: CountContext): void {
  const before = context.get('count')
  const count = (typeof before === 'number' ? before : 0) + 1
  context.put('count', count)
  context.collect({ key: keyOf(value), count })
}

const countKey = { countsRecords: true, processElement: countOne }

/** What the functions here use of a keyed call. */
interface CountContext {
  get(name: string): Value | undefined
  put(name: string, value: Value): void
  collect(value: Value): void
}

const countBoth = {
  countsRecords: true,
  processElement1: countOne,
  processElement2: countOne,
}

const RULES = mapStateDescriptor('rules')

/** Counts the elements of a key, so that their order does not matter. */
function keepRule(value: Value, context: BroadcastContext<Value>): void {
  const rules = context.getBroadcastState(RULES)
  const before = rules.get(keyOf(value))
  rules.put(keyOf(value), (typeof before === 'number' ? before : 0) + 1)
}

const countUnderRules = { countsRecords: true, processElement: countOne, processBroadcastElement: keepRule }

const passOn = {
  processElement(value: Value, context: { collect(value: Value): void }): void {
    context.collect(value)
  },
  processBroadcastElement: keepRule,
}

const countWindow = {
  createAccumulator: () => 0,
  add: (_value: Value, count: number) => count + 1,
  merge: (one: number, other: number) => one + other,
  getResult: (count: number, key: Key) => ({ key, count }),
}
