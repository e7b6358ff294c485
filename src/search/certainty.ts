/**
 * When a violation became certain: the run is forked at some of its steps, each fork goes on with fresh choices, and how many of them show
 * the violation again is P(violation | prefix). In a fork nothing more goes wrong than what has begun.
 */
import type { ExperimentResult } from './experiment.js'
import type { RewindableRun } from './rewindable-run.js'

/** How the violation looked from one step of the run. */
export interface Probe {
  readonly step: number
  /** Forks that show the violation. */
  readonly shown: number
  readonly forks: number
}

/** From where on the run could not but show it. */
export interface Certainty {
  /** The first step after which every fork shows it; 0: it was certain from the start. */
  readonly step: number
  readonly timeUs: number
  /** The step: who was told what, whose timer fired. */
  readonly words: string
  /** `seq` of the events that the step recorded. */
  readonly events: readonly number[]
  /** Parts of the forks that show it, right before and right after. */
  readonly before: number
  readonly after: number
  /** All probes, by step. */
  readonly probes: readonly Probe[]
}

/** How thoroughly to look. */
export interface CertaintyOptions {
  /** Forks of one probe, 20 unless said otherwise. */
  readonly forks?: number
  /** Forks may not take longer than this altogether, in steps of the world: what is left of the search is then given up. */
  readonly maxSteps?: number
}

/**
 * What shows in so many of all forks from the start on is certain from the start: nine of ten, so that chance does not choose the moment.
 */
const AS_GOOD_AS_CERTAIN = 0.9

/** Probes that are spread over the run before the moment itself is looked for. */
const SPREAD = 10
const FORKS = 20
const MAX_STEPS = 6_000_000

/** What is asked of the forks. */
export interface Question {
  /** Whether a run shows the violation. */
  readonly shows: (result: ExperimentResult) => boolean
  /** Until when a fork that begins at a time must run to tell so, µs. */
  readonly enoughUs: (fromUs: number) => number
}

/**
 * The moment at which a violation became certain.
 * @param seenStep the step after which it is seen
 */
export function certaintyOf(
  run: RewindableRun,
  question: Question,
  seenStep: number,
  options: CertaintyOptions = {},
): Certainty | undefined {
  const prober = new Prober(run, question, options.forks ?? FORKS, options.maxSteps ?? MAX_STEPS)
  for (let i = 0; i <= SPREAD; i++) prober.probe(Math.floor((seenStep * i) / SPREAD))
  // The last step of the spread from which some fork escapes, and the one behind it.
  let [open, closed] = [-1, 0]
  for (const { step, shown, forks } of prober.probes()) {
    if (shown < forks) [open, closed] = [step, seenStep]
    else if (closed === seenStep && open >= 0) closed = Math.min(closed, step)
  }
  if (prober.isSpent) return undefined
  if (part(prober.probe(0)) >= AS_GOOD_AS_CERTAIN) [open, closed] = [-1, 0]
  while (open >= 0 && closed - open > 1) {
    const middle = (open + closed) >> 1
    if (prober.isCertain(middle)) closed = middle
    else open = middle
  }
  const { words, timeUs } = run.stepInWords(closed)
  return {
    step: closed,
    timeUs,
    words,
    events: run.eventsOf(closed).map(({ seq }) => seq),
    before: open < 0 ? part(prober.probe(0)) : part(prober.probe(open)),
    after: part(prober.probe(closed)),
    probes: prober.probes(),
  }
}

function part({ shown, forks }: Probe): number {
  return shown / forks
}

/** Takes probes and remembers them. */
class Prober {
  private readonly taken = new Map<number, Probe>()
  private stepsLeft: number

  constructor(
    private readonly run: RewindableRun,
    private readonly question: Question,
    private readonly forks: number,
    maxSteps: number,
  ) {
    this.stepsLeft = maxSteps
  }

  get isSpent(): boolean {
    return this.stepsLeft <= 0
  }

  /** Whether every fork shows it: the first that does not is enough to know. */
  isCertain(step: number): boolean {
    const { shown, forks } = this.look(step, true)
    return shown === forks
  }

  probe(step: number): Probe {
    return this.look(step, false)
  }

  private look(step: number, untilEscaped: boolean): Probe {
    const known = this.taken.get(step)
    if (known !== undefined && (untilEscaped || known.forks === this.forks)) return known
    const from = this.run.after(step)
    const past = this.run.past(step)
    let { shown, forks } = known ?? { shown: 0, forks: 0 }
    while (forks < this.forks && !(this.isSpent && forks > 0) && !(untilEscaped && shown < forks)) {
      const fork = from.fork(`${this.run.experiment.seed}/from ${String(step)}/${String(forks)}`, past)
      const stepsBefore = fork.world.steps
      fork.toTheEnd(this.question.enoughUs(from.driver.now()))
      const result = fork.result()
      this.stepsLeft -= result.steps - stepsBefore
      forks++
      if (this.question.shows(result)) shown++
    }
    const probe = { step, shown, forks }
    this.taken.set(step, probe)
    return probe
  }

  probes(): Probe[] {
    return [...this.taken.values()].sort((a, b) => a.step - b.step)
  }
}
