/** The block that a violation prints: what was claimed, what was seen, why, and the command that shows it again. */
import type { Certainty, Counterexample } from '../search/index.js'
import { eventInWords } from './event-in-words.js'
import { atTime, counted, grouped, percent } from './numbers.js'
import { plain, type Paint } from './paint.js'

/** Where the counterexample stands in its campaign, and how it is replayed. */
export interface CounterexampleContext {
  /** `run 18 of 200`. */
  readonly run?: string
  /** The command that replays it. */
  readonly replay: string
  /** The file it is stored in. */
  readonly stored?: string
  readonly paint?: Paint
}

/** The lines of the block. */
export function counterexampleText(example: Counterexample, { run, replay, stored, paint = plain }: CounterexampleContext): string[] {
  const { scenario, mode, seed, message, plan } = example
  const where = [`scenario ${scenario}`, `mode ${mode}`, `seed ${seed}`, ...(run === undefined ? [] : [run])]
  return [
    `${heading(example, paint)}     ${where.join('   ')}`,
    ...example.beyond.map((broken) => `  beyond its preconditions: ${broken}`),
    `  ${example.anomaly} (${example.rule}): ${message}`,
    ...recordLines(example),
    '',
    '  because',
    ...eventLines(example, paint),
    ...certainLines(example),
    '',
    ...planLines(plan, example.priorities),
    ...smallerLines(example),
    ...leftLines(example.left),
    field('replay', replay),
    ...(stored === undefined ? [] : [field('stored', `${stored} (run first next time)`)]),
  ]
}

function heading({ standing, guarantee, anomaly, at, sink }: Counterexample, { bad, unsure, bold }: Paint): string {
  const place = at === 'job' ? '' : ` at ${placeInWords(at, sink)}`
  switch (standing) {
    case 'violation':
      return `${bad('FAIL')}  ${bold(`${guarantee}${place}`)}`
    case 'beyond':
      return `${unsure('BEYOND')}  ${bold(`${guarantee === 'none' ? anomaly : guarantee}${place}`)}`
    case 'allowed':
      return `${unsure('SEEN')}  ${bold(`${anomaly}${place}`)}, which nothing promised to prevent`
  }
}

/** `external-store of Sink: Writer`, or `state`. */
export function placeInWords(at: string, sink: string | undefined): string {
  return sink === undefined ? at : `${at} of ${sink}`
}

/** What was left out, and what the job is that is left. */
function smallerLines({ plan, faultsBefore, jobRecords: { all, left }, reduction }: Counterexample): string[] {
  const sizes = [
    ...(faultsBefore > plan.length ? [`${counted(faultsBefore, 'fault')} -> ${plan.length}`] : []),
    ...(all > left ? [`${counted(all, 'record')} -> ${left}`] : []),
  ]
  const minimised = sizes.length === 0 ? [] : [field('minimised', sizes.join(', '))]
  return [...minimised, ...reduction.map((sentence, i) => field(i === 0 ? 'job' : '', sentence))]
}

function recordLines({ records, concerned }: Counterexample): string[] {
  if (records.length === 0) return []
  const more = concerned > records.length ? `, and ${grouped(concerned - records.length)} more` : ''
  return [field('records', `${records.join('; ')}${more}`)]
}

function eventLines({ events, names, explanation }: Counterexample, paint: Paint): string[] {
  const certain = explanation?.certain
  if (events.length === 0) return ['    nothing in the history names it: it is what never happened']
  const width = Math.max(...events.map(({ seq }) => String(seq).length))
  return events.map((event) => {
    const words = eventInWords(event, (id) => names.get(id) ?? `record ${String(id)}`)
    const place = paint.dim(`event ${String(event.seq).padStart(width)}  ${atTime(event.t).padStart(11)}`)
    const mark = certain?.events.includes(event.seq) === true ? paint.unsure(`   <- certain from here (${chances(certain)})`) : ''
    return `    ${place}  ${event.kind === 'fault' ? paint.bad(words) : words}${mark}`
  })
}

/** When it became certain, where none of the events that are told was it. */
function certainLines({ events, explanation }: Counterexample): string[] {
  const certain = explanation?.certain
  if (certain === undefined || events.some(({ seq }) => certain.events.includes(seq))) return []
  const { step, timeUs, words } = certain
  if (step === 0) return [`    certain from the start: ${percent(certain.after)} of its forks show it, whatever else happens`]
  return [`    certain from ${atTime(timeUs)} on: ${words} (${chances(certain)})`]
}

/** `3 % before, 100 % after`. */
function chances({ before, after }: Certainty): string {
  return `${percent(before)} before, ${percent(after)} after`
}

/** The faults of a plan, one a line, or what is said where there are none; and who is late. */
export function planLines(
  plan: readonly string[],
  priorities?: string,
  none = 'no fault: the seed alone does it, in the job as it is told here',
): string[] {
  const late = priorities === undefined ? [] : [field('priorities', priorities)]
  if (plan.length === 0) return [field('plan', none), ...late]
  return [...plan.map((fault, i) => field(i === 0 ? 'plan' : '', `${i + 1}. ${fault}`)), ...late]
}

/** What is left of the guarantees, one line a point. */
export function leftLines(left: Counterexample['left']): string[] {
  return left.map(({ at, sink, strongest, missing }, i) => {
    const what = strongest === 'none' ? 'nothing' : strongest
    const unsure = missing === undefined ? '' : ` at most: ${missing}`
    return field(i === 0 ? 'left' : '', `${what} at ${placeInWords(at, sink)}${unsure}`)
  })
}

function field(name: string, text: string): string {
  return `  ${name.padEnd(9)} ${text}`
}
