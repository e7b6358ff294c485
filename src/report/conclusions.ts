/** Which guarantee a job has under which assumption: what the runs of each possibility leave standing. */
import { concerns, GUARANTEES, includes, type Guarantee, type PreconditionName } from '../guarantees/index.js'
import type { AnomalyResult, CampaignResult, CellResult, PointResult } from '../search/index.js'
import { decisionList } from './decision-list.js'

/** What a sink, or the state, guarantees under one assumption. */
export interface Conclusion {
  /** The sink, or `state`. */
  readonly of: string
  readonly at: string
  /** The strongest guarantee that the runs within the preconditions leave standing. */
  readonly guarantee: Guarantee
  /** `exactly-once`, `duplicates`, `loss`, `loss and duplicates`, …, or `no answer`. */
  readonly words: string
  /** What is assumed where the plan is silent; empty for the best guess. */
  readonly condition: string
  /** Runs within the preconditions, and all runs. */
  readonly runs: number
  readonly ofRuns: number
  /** What happens in runs that break a precondition; `words` is empty where nothing more than within them. */
  readonly beyond: readonly {
    readonly precondition: PreconditionName
    readonly runs: number
    readonly words: string
    readonly replay: string
  }[]
  readonly undecided?: string
}

/** A possibility of a job: the name of its scenario, and what is assumed. */
export interface Possibility {
  readonly name: string
  readonly condition: string
  /** What of it concerns more than sinks: no state depends on the rest. */
  readonly conditionOfState: string
  /** Conditions of possibilities whose every behaviour is one of this one's as well: what those have shown may happen here. */
  readonly mayBeLike?: readonly string[]
}

/** What the runs of a possibility have shown at a point. */
interface Shown {
  readonly cell: CellResult
  readonly point: PointResult
  readonly possibility: Possibility
}

/**
 * The conclusions for every possibility, point by point; of state from all runs in which the same is assumed of it. A possibility that
 * may be like another one is never told to be safer than that.
 */
export function conclusionsOf(possibilities: readonly Possibility[], { cells }: CampaignResult): Conclusion[] {
  const shown = possibilities.flatMap((possibility) =>
    cells
      .filter((cell) => cell.name === possibility.name)
      .flatMap((cell) => cell.points.map((point): Shown => ({ cell, point, possibility }))),
  )
  const alike = groupedBy(shown, (each) => JSON.stringify([each.point.sink ?? '', each.point.at, conditionOf(each)]))
  return [...alike.values()].flatMap((all) => all.slice(0, 1).map((first) => conclude(first, all, shownByLikes(all, shown))))
}

/** What is assumed of the point. */
function conditionOf({ point, possibility: { condition, conditionOfState } }: Shown): string {
  return point.at === 'state' ? conditionOfState : condition
}

/** What was shown at the same place by others that these may be like; where these have no answer, others give none. */
function shownByLikes(all: readonly Shown[], shown: readonly Shown[]): readonly Shown[] {
  if (all.every(({ point }) => point.runs === 0)) return []
  const likes = new Set(all.flatMap(({ possibility }) => possibility.mayBeLike ?? []))
  const places = new Set(all.map(({ point }) => placeOf(point)))
  return shown.filter(
    (each) => !all.includes(each) && likes.has(each.possibility.condition) && places.has(placeOf(each.point)) && each.point.runs > 0,
  )
}

function conclude(first: Shown, all: readonly Shown[], likes: readonly Shown[]): Conclusion {
  const { at, sink } = first.point
  const here = [...all, ...likes].flatMap(({ cell, point }) =>
    cell.anomalies.filter((seen) => seen.at === point.at && seen.sink === point.sink),
  )
  const within = here.filter(({ standing }) => standing !== 'beyond')
  const answered = all.filter(({ point }) => point.runs > 0)
  const points = (answered.length > 0 ? answered : all).map(({ point }) => point)
  const runs = sum(points.map((point) => point.runs))
  const guarantee = weakest([...points, ...likes.map(({ point }) => point)])
  const { missing } = points.find((point) => point.missing !== undefined) ?? {}
  return {
    of: sink ?? 'state',
    at,
    guarantee,
    words: runs === 0 ? NO_ANSWER : guarantee === 'exactly-once' ? guarantee : wordsOf(within, guarantee),
    condition: conditionOf(first),
    runs,
    ofRuns: sum(all.map(({ cell }) => cell.runs)),
    beyond: beyondOf(
      all.map(({ cell }) => cell),
      here,
      at,
    ),
    ...(missing !== undefined && { undecided: missing }),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

/** The strongest guarantee that all of these leave standing. */
function weakest(points: readonly PointResult[]): Guarantee {
  const standing = (guarantee: Guarantee): boolean => points.every(({ strongest }) => includes(strongest, guarantee))
  return GUARANTEES.find(standing) ?? 'none'
}

/** What the cells show where a precondition is broken, in the order in which they name them. */
function beyondOf(cells: readonly CellResult[], here: readonly AnomalyResult[], at: string): Conclusion['beyond'] {
  const broken = groupedBy(
    cells.flatMap(({ preconditionsBroken }) => preconditionsBroken),
    ({ name }) => name,
  )
  return [...broken.values()].flatMap((all) =>
    all.slice(0, 1).flatMap(({ name, token }) => {
      const seen = here.filter(({ standing, beyond }) => standing === 'beyond' && beyond.includes(name))
      if (seen.length === 0 && !concerns(name, at === 'state' ? 'state' : 'output')) return []
      const runs = sum(all.map((each) => each.runs))
      return [{ precondition: name, runs, words: seen.length === 0 ? '' : wordsOf(seen, ''), replay: seen[0]?.token ?? token }]
    }),
  )
}

const NO_ANSWER = 'no answer'

/** What it means when a precondition breaks. */
const PRECONDITIONS: Readonly<Record<PreconditionName, string>> = {
  'restart-budget-exceeded': 'the restarts are used up and the job ends',
  'job-manager-lost-without-ha': 'the JobManager dies and nothing brings the job back',
  'opened-behind-its-successor': 'an attempt that was given up opens its writer behind its successor',
  'held-up-by-given-up-attempt':
    'an attempt that was given up leaves a transaction open, and readers of committed data wait for its timeout',
  'finished-before-its-barriers': 'a task that finished before the last barrier of a checkpoint is restored from it',
  'transaction-timed-out': 'a transaction times out before it is committed',
  'timed-out-while-writing': 'transactions time out while regions of the job wait for each other',
  'restored-passed-over-checkpoint': 'a checkpoint that one recovery passed over is restored by the next',
  'rescaled-while-ending': 'a sink of which subtasks had ended is restored at another parallelism, and is given more',
  'restore-refused': 'a checkpoint is to be restored that Flink refuses',
  'restored-old-snapshot': 'something older than what was published is restored',
  'started-without-state': 'a job that had published starts without its state',
}

const LOSS_OR_DUPLICATES: ReadonlySet<string> = new Set(['loss', 'duplicates'])

function wordsOf(seen: readonly AnomalyResult[], otherwise: string): string {
  const names = new Set(seen.map(({ anomaly }) => anomaly))
  const known = [...(names.has('lost') ? ['loss'] : []), ...(names.has('duplicated') ? ['duplicates'] : [])]
  return known.length > 0 ? known.join(' and ') : ([...names][0] ?? otherwise)
}

/** The conclusions as lines: each sink with what holds as best guessed, and what else holds under which conditions. */
export function conclusionLines(conclusions: readonly Conclusion[]): string[] {
  const places = groupedBy(conclusions, ({ of: sink, at }) => placeOf({ sink, at }))
  const possibilities = new Set(conclusions.map(({ condition }) => condition)).size
  return [...places].flatMap(([place, all]) => [place, ...outcomeLines(all, possibilities).map((line) => `  ${line}`)])
}

/** Careful readers of a sink are one place, whatever system it writes to; those that read uncommitted output are another. */
function placeOf({ sink = 'state', at }: Pick<PointResult, 'at' | 'sink'>): string {
  return at === 'read_uncommitted' ? `${sink}, read uncommitted` : sink
}

function outcomeLines(all: readonly Conclusion[], possibilities: number): string[] {
  const rules = decisionList(all.map((each) => ({ conditions: assumptionsOf(each.condition), outcome: outcomeOf(each) })))
  // State has fewer possibilities than output, and each of them is there.
  const isEverywhere = all.length === possibilities || all[0]?.at === 'state'
  const basis = possibilities === 1 ? '' : rules.length === 1 && isEverywhere ? ': in every possibility' : ': as best guessed'
  const guessed = rules.filter(({ conditions }) => conditions.length === 0).map(({ outcome }) => outcome + basis)
  const others = rules
    .filter(({ conditions }) => conditions.length > 0)
    .map((rule) => `${rule.outcome}: if ${rule.conditions.join(' and ')}`)
  if (others.length < 2) return [...guessed, ...others]
  return [...guessed, `${guessed.length > 0 ? 'otherwise ' : ''}the first of these that applies`, ...others.map((line) => `  ${line}`)]
}

/**
 * `exactly-once, until a transaction times out before it is committed: then loss`. Who loses records anyway is not told when he may lose
 * more.
 */
function outcomeOf({ words, beyond, undecided }: Conclusion): string {
  if (words === NO_ANSWER) {
    const broken = beyond.map(({ precondition }) => PRECONDITIONS[precondition])
    return broken.length === 0 ? `${words}: ${undecided ?? 'no runs'}` : `no guarantee survives: in every run ${broken.join(', or ')}`
  }
  if (undecided !== undefined) return `undecided (${undecided})`
  const breaks = beyond.flatMap(({ precondition, words: then }) => {
    // What else is seen where records are lost or repeated anyway is not told within the preconditions either.
    const worse = then.split(' and ').some((word) => !words.includes(word) && (words === 'exactly-once' || LOSS_OR_DUPLICATES.has(word)))
    if (then !== '' && worse) return [`${PRECONDITIONS[precondition]}: then ${then}`]
    return words.includes('loss') ? [] : [PRECONDITIONS[precondition]]
  })
  return breaks.length === 0 ? words : `${words}, until ${breaks.join(', or ')}`
}

/** What a condition assumes, one by one. */
export function assumptionsOf(condition: string): string[] {
  return condition === '' ? [] : condition.split('; ')
}

function groupedBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const each of all) {
    const group = groups.get(keyOf(each))
    if (group === undefined) groups.set(keyOf(each), [each])
    else group.push(each)
  }
  return groups
}
