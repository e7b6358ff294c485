import type { HistoryEvent } from '../history/index.js'
import type { Choice, Counterexample, NamedDifference, Replay } from '../search/index.js'
import { counterexampleText, leftLines, placeInWords, planLines } from './counterexample-text.js'
import { eventInWords } from './event-in-words.js'
import { notDeterministicLines } from './not-deterministic.js'
import { atTime, counted } from './numbers.js'
import { plain, type Paint } from './paint.js'

/** What `millrace replay` prints. `command` is the command that shows it again, with the token of what was run. */
export function replayText(replay: Replay, command: string, paint: Paint = plain): string[] {
  const { scenario, mode, seed, verdict, plan, priorities, left, counterexamples } = replay
  const told = toldInFull(counterexamples)
  const others = counterexamples.filter((example) => !told.includes(example))
  const open = verdict.claims.filter((claim) => claim.promised && claim.verdict === 'undecided')
  const quiet = [`scenario ${scenario}   mode ${mode}   seed ${seed}`, ...planLines(plan, priorities, 'no fault'), ...leftLines(left), '']
  return [
    ...(told.length === 0 ? quiet : told.flatMap((example) => [...counterexampleText(example, { replay: command, paint }), ''])),
    ...others.map(
      ({ anomaly, at, sink, standing, message }) => `also  ${anomaly} at ${placeInWords(at, sink)}, ${ALSO[standing]}: ${message}`,
    ),
    ...open.map(
      ({ guarantee, at, sink, missing }) =>
        `undecided  ${guarantee} at ${placeInWords(at, sink)}${missing === undefined ? '' : `: ${missing}`}`,
    ),
    ...repeatedStepsLines(replay),
    ...partingLines(replay),
    ...driftLines(replay),
    verdictLine(replay, paint),
  ]
}

const ALSO = { violation: 'violated', beyond: 'beyond the preconditions', allowed: 'not promised' } as const

/** Blocks that one is willing to read. */
const MOST_TOLD = 3

/** The worst of what was seen; of what no promise forbids, one example. */
function toldInFull(examples: readonly Counterexample[]): readonly Counterexample[] {
  const worse = examples.filter(({ standing }) => standing !== 'allowed')
  return worse.length > 0 ? worse.slice(0, MOST_TOLD) : examples.slice(0, 1)
}

/** The step that did not come out the same each time, when there is one. */
function repeatedStepsLines({ notDeterministic }: Replay): string[] {
  if (notDeterministic === undefined) return []
  const [where = '', ...more] = notDeterministicLines(notDeterministic)
  return [`NOT DETERMINISTIC: ${where}`, ...more.map((line) => `  ${line}`)]
}

/** Where the two runs part, when they do. */
function partingLines({ parting }: Replay): string[] {
  if (parting === undefined) return []
  const shown = (event: HistoryEvent | undefined): string =>
    event === undefined ? 'nothing more' : `event ${event.seq} at ${atTime(event.t)}: ${eventInWords(event, (id) => `record ${id}`)}`
  return [
    'the two runs part',
    ...choiceLines(parting.choice, 'one', 'other'),
    ...(parting.one === undefined && parting.other === undefined
      ? ['  their histories are the same: they differ in steps of which nothing is told there']
      : [`  one    ${shown(parting.one)}`, `  other  ${shown(parting.other)}`]),
  ]
}

/** How the run differs from what was recorded, when it does. */
function driftLines({ drift, traceHash }: Replay): string[] {
  if (drift === undefined) return []
  const { recordedTraceHash, choice } = drift
  const same = ['  all choices are the same: what the steps do has changed']
  return [
    `not the recorded run: its trace hash was ${recordedTraceHash}, now it is ${traceHash}`,
    ...(choice === undefined ? same : choiceLines(choice, 'expected', 'found')),
  ]
}

/** The first choice that differs, on both sides. */
export function choiceLines(choice: NamedDifference | undefined, one: string, other: string): string[] {
  if (choice === undefined) return []
  const { index, label, expected, found } = choice
  const width = Math.max(one.length, other.length)
  const shown = (side: Choice | undefined): string => (side === undefined ? 'no such choice' : choiceInWords(side))
  return [
    `  first choice that differs: number ${String(index)}, ${label}`,
    `    ${one.padEnd(width)}  ${shown(expected)}`,
    `    ${other.padEnd(width)}  ${shown(found)}`,
  ]
}

function choiceInWords({ stream, ordinal, of, value }: Choice): string {
  return `${stream}#${String(ordinal)} = ${String(value)} of ${String(of)}`
}

function verdictLine({ verdict, status, steps, endUs, traceHash, traceHashAgain }: Replay, { good, bad, unsure }: Paint): string {
  const painted = { holds: good, violated: bad, incomplete: unsure }[verdict.verdict]
  const again = traceHash === traceHashAgain ? 'the same when run again' : bad(`NOT DETERMINISTIC: ${traceHashAgain} when run again`)
  return `${painted(verdict.verdict.toUpperCase())}  job ${status} after ${counted(steps, 'step')} and ${atTime(endUs)}; trace hash ${traceHash}, ${again}`
}
