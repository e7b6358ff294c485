import type { Chooser, Override, Pending, TimedDriver, World } from '../world/index.js'

/** One choice of a run: a draw from a stream, and what it came to. */
export interface Choice {
  /** What is chosen, and for whom: `choose/<actor>/<label>`, or `link/<from>/<to>/<lane>` for the delay of a message. */
  readonly stream: string
  /** Which choice of the stream, from 0. */
  readonly ordinal: number
  /** How many answers there were. */
  readonly of: number
  readonly value: number
}

/** Notes the choices of a run: those that were decided otherwise than the stream drew are what a later run needs besides the seed. */
export class ChoiceLog {
  /** What a later run needs besides the seed to make the same choices. */
  readonly overrides: Override[] = []
  /** All choices, in order. */
  readonly choices: Choice[] = []
  private taken = 0

  /** Follows `decide`, or the streams where there is none. */
  constructor(private readonly decide?: Chooser) {}

  /** To be given to the driver. */
  readonly chooser: Chooser = (stream, ordinal, n, drawn) => {
    const value = this.decide?.(stream, ordinal, n, drawn) ?? drawn
    if (value !== drawn) this.overrides.push({ stream, ordinal, value })
    this.choices.push({ stream, ordinal, of: n, value })
    return value
  }

  /** The choices since the last call, in words. */
  takeDraws(): string[] {
    const draws = this.choices.slice(this.taken).map(choiceInWords)
    this.taken = this.choices.length
    return draws
  }
}

/** `choose/2/checkpoint-initial-delay#0 = 3 of 16`. */
export function choiceInWords({ stream, ordinal, of, value }: Choice): string {
  return `${stream}#${ordinal} = ${value} of ${of}`
}

/** The first choice in which a run is not the one that was expected; one side is missing where a run makes fewer of them. */
export interface ChoiceDifference {
  /** Which choice of the run, from 0. */
  readonly index: number
  readonly expected?: Choice
  readonly found?: Choice
}

/** Where two runs choose differently: something else is asked, or the same is answered otherwise. Undefined when nowhere. */
export function firstDifferentChoice(expected: readonly Choice[], found: readonly Choice[]): ChoiceDifference | undefined {
  const length = Math.max(expected.length, found.length)
  for (let index = 0; index < length; index++) {
    const [a, b] = [expected[index], found[index]]
    if (a !== undefined && b !== undefined && sameChoice(a, b)) continue
    return { index, ...(a !== undefined && { expected: a }), ...(b !== undefined && { found: b }) }
  }
  return undefined
}

function sameChoice(a: Choice, b: Choice): boolean {
  return a.stream === b.stream && a.ordinal === b.ordinal && a.of === b.of && a.value === b.value
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

/** With its place in its run; the set-up is 0. */
export interface NumberedStep extends TracedStep {
  readonly number: number
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

/** What a waiting step is: a message, a timer or a strike. */
export function describePending(world: World, { link, timer, strike, message }: Pending): string {
  const name = (actor: number) => world.actors[actor]?.name ?? ''
  if (link !== undefined) return `${name(link.from)} -> ${name(link.to)}: ${JSON.stringify(message)}`
  if (timer !== undefined) return `${name(timer.actor)}: timer ${timer.name}`
  if (strike === undefined) return ''
  return 'process' in strike ? `${strike.kind} of process ${world.processes[strike.process]?.name ?? ''}` : strike.kind
}
