import type { Chooser, Override, Pending, TimedDriver, World } from '../world/index.js'

/** Notes the draws of a run: those that were decided otherwise than the stream drew make its choice log. */
export class ChoiceLog {
  /** What a later run needs besides the seed to make the same choices. */
  readonly overrides: Override[] = []
  private sinceLastTaken: string[] = []

  /** Follows `decide`, or the streams where there is none. */
  constructor(private readonly decide?: Chooser) {}

  /** To be given to the driver. */
  readonly chooser: Chooser = (stream, ordinal, n, drawn) => {
    const value = this.decide?.(stream, ordinal, n, drawn) ?? drawn
    if (value !== drawn) this.overrides.push({ stream, ordinal, value })
    this.sinceLastTaken.push(`${stream}#${ordinal} = ${value} of ${n}`)
    return value
  }

  /** The draws since the last call, in words. */
  takeDraws(): string[] {
    const draws = this.sinceLastTaken
    this.sinceLastTaken = []
    return draws
  }
}

/** One step of a run, as far as it is needed to see where another run went another way. */
export interface TracedStep {
  /** µs. */
  readonly time: number
  readonly what: string
  /** Choices made in this step, when a log was kept. */
  readonly draws: readonly string[]
  /** Rolling trace hash after the step. */
  readonly hash: string
}

/** Runs to the end, or for so many steps of the schedule, and keeps what each step was. */
export function traceRun(world: World, driver: TimedDriver, log?: ChoiceLog, maxSteps = Infinity): TracedStep[] {
  const steps = [{ time: driver.now(), what: 'set up', draws: log?.takeDraws() ?? [], hash: world.traceHash() }]
  for (let next = driver.upcoming(); next !== undefined && steps.length <= maxSteps; next = driver.upcoming()) {
    const what = describePending(world, next)
    driver.next(world)
    steps.push({ time: driver.now(), what, draws: log?.takeDraws() ?? [], hash: world.traceHash() })
  }
  return steps
}

/** The first step in which two runs differ; at the end of the shorter run one side is missing. */
export interface Divergence {
  /** Position in both runs. */
  readonly step: number
  /** The last steps that both have in common. */
  readonly before: readonly TracedStep[]
  readonly one: TracedStep | undefined
  readonly other: TracedStep | undefined
}

/** Where two runs part: by hash, by choice or by length. Undefined when they are the same. */
export function firstDivergence(one: readonly TracedStep[], other: readonly TracedStep[], context = 3): Divergence | undefined {
  const length = Math.max(one.length, other.length)
  for (let step = 0; step < length; step++) {
    const [a, b] = [one[step], other[step]]
    if (a !== undefined && b !== undefined && a.hash === b.hash && a.draws.join() === b.draws.join()) continue
    return { step, before: one.slice(Math.max(0, step - context), step), one: a, other: b }
  }
  return undefined
}

function describePending(world: World, { link, timer, strike, message }: Pending): string {
  const name = (actor: number) => world.actors[actor]?.name ?? ''
  if (link !== undefined) return `${name(link.from)} -> ${name(link.to)}: ${JSON.stringify(message)}`
  if (timer !== undefined) return `${name(timer.actor)}: timer ${timer.name}`
  return strike === undefined ? '' : `${strike.kind} of process ${world.processes[strike.process]?.name ?? ''}`
}
