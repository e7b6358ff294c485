/** What a job within a scope does when nothing goes wrong, by a simulated run: what the oracles of a search compare with. */
import type { AbsorbingOperator, CommitterOfWriter, ExpectedOutput, SourcePlace } from '../../guarantees/index.js'
import type { HistoryEvent, HistoryHeader } from '../../history/index.js'
import { InputError } from '../../flink/input-error.js'
import { runExperiment } from '../experiment.js'
import type { JobSetUp, Mode, Scenario } from '../scenario.js'
import { scopedSetUp } from './scoped-set-up.js'
import { formatScope, type Scope } from './scope.js'

/** What the job owes. */
export interface Reference {
  readonly outputs: readonly ExpectedOutput[]
  /** Of the records whose positions are in checkpoints. */
  readonly places: readonly SourcePlace[]
  /** The positions of all records are; otherwise a source may hand out again what the restored checkpoint covers. */
  readonly positioned: boolean
  readonly operators: readonly AbsorbingOperator[]
  readonly committers: readonly CommitterOfWriter[]
}

/**
 * Runs the scoped job by the clock, without a fault.
 * @throws InputError when it does not even finish then
 */
export function referenceRun(scenario: Scenario, mode: Mode, scope: Scope): Reference {
  const scoped: Scenario = {
    ...scenario,
    setUp: (world, inMode) => scopedSetUp(scenario.setUp(world, inMode), scope, { inlineState: false, timed: true }).setUp,
  }
  const { header, history, status, setUp } = runExperiment(
    { scenario: scoped, mode, seed: 'reference', plan: [], restores: false },
    { keepHistory: true, unjudged: true },
  )
  if (status !== 'FINISHED')
    throw new InputError(
      `scope ${formatScope(scope)}`,
      `${scenario.name} (${mode}) is ${status} at the end without any fault`,
      'a job that finishes',
    )
  const claims = scenario.claims(mode)
  const outputs = [...setUp.observed].flatMap(([sink, points]) =>
    points.map((at) => ({
      sink,
      at,
      guarantee: claims.find((claim) => claim.at === at)?.guarantee,
      records: visibleAt(history, sink, at),
    })),
  )
  const others = sourcesWithoutPositions(setUp)
  return {
    outputs,
    places: placesIn(history.filter((event) => event.kind !== 'source-emit' || !others.includes(event.vertex))),
    positioned: others.length === 0,
    operators: absorbingIn(history),
    committers: committersOf(header),
  }
}

function visibleAt(history: readonly HistoryEvent[], sink: string, at: string): readonly string[] {
  return sortedOnce(
    history.flatMap((event) => (event.kind === 'visible' && event.vertex === sink && event.at === at ? [String(event.id)] : [])),
  )
}

function placesIn(history: readonly HistoryEvent[]): readonly SourcePlace[] {
  return history.flatMap((event) =>
    event.kind === 'source-emit' ? [{ id: String(event.id), split: event.split, offset: event.offset }] : [],
  )
}

function sourcesWithoutPositions({ graph }: JobSetUp): readonly string[] {
  const sources = graph.vertices.flatMap(({ operators }) => operators.filter(({ withoutPositions }) => withoutPositions === true))
  return sources.map(({ name }) => name)
}

/** Operators that absorb source records; those that count never let go of one. */
function absorbingIn(history: readonly HistoryEvent[]): readonly AbsorbingOperator[] {
  const sources = new Set(placesIn(history).map(({ id }) => id))
  const applied = history.flatMap((event) => (event.kind === 'state-apply' ? [event] : []))
  return sortedOnce(applied.map(({ vertex }) => vertex)).map((vertex) => {
    const here = applied.filter((event) => event.vertex === vertex)
    const records = sortedOnce(here.map(({ id }) => String(id)).filter((id) => sources.has(id)))
    return { vertex, records, keeps: here.every(({ count }) => count !== undefined) }
  })
}

function committersOf({ operators }: HistoryHeader): CommitterOfWriter[] {
  return operators.flatMap(({ name, role, inputs, task }) => {
    if (role !== 'committer') return []
    const writers = operators.filter((each) => inputs.includes(each.name) && task !== undefined && each.task === task)
    return writers.map((writer) => ({ committer: name, writer: writer.name }))
  })
}

function sortedOnce(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
