/** Facts about who is told of the end of a checkpoint, and when. */
import type { EventOf } from '../../history/index.js'
import type { ProtocolFact } from './protocol-fact.js'
import { names, seen, tally, type RunView } from './run-view.js'

type Notified = EventOf<'checkpoint-notified'>

export const notificationFacts: readonly ProtocolFact[] = [
  { name: 'told of completion', nature: 'rule', asks: 'who is told that a checkpoint completed?', of: (run) => toldOf(run, 'complete') },
  { name: 'told of abort', nature: 'timing', asks: 'who is told that a checkpoint was aborted?', of: (run) => toldOf(run, 'abort') },
  { name: 'told before completion', nature: 'rule', asks: 'is anybody told of a completion before it is one?', of: toldBefore },
  { name: 'told twice', nature: 'rule', asks: 'is an attempt told of the same end twice?', of: toldTwice },
  { name: 'told in order', nature: 'rule', asks: 'is an attempt told of completions in the order of their ids?', of: toldInOrder },
  { name: 'everyone told', nature: 'timing', asks: 'is every attempt that took a snapshot told of its completion?', of: everyoneTold },
  { name: 'coordinator told first', nature: 'timing', asks: "is the source's coordinator told before all tasks?", of: coordinatorFirst },
  {
    name: 'triggered before all are told',
    nature: 'timing',
    asks: 'is the next checkpoint triggered before all are told of the last?',
    of: triggeredBeforeTold,
  },
]

/** Sinks and committers are left out: recordings show what those do by their commits. */
function toldOf(run: RunView, outcome: Notified['outcome']): string {
  return names(
    run.of('checkpoint-notified').flatMap((event) => {
      const role = run.role(event.vertex)
      if (event.outcome !== outcome || (role !== 'source' && role !== 'operator')) return []
      return [event.subtask < 0 ? 'coordinator of the source' : role]
    }),
  )
}

/** Completions by job and id. */
function completions(run: RunView): ReadonlyMap<string, EventOf<'checkpoint-completed'>> {
  return new Map(run.of('checkpoint-completed').map((event) => [idOf(run, event), event]))
}

function idOf(run: RunView, { checkpoint, seq }: { readonly checkpoint: number; readonly seq: number }): string {
  return `${String(run.job(seq))}/${String(checkpoint)}`
}

function completionsTold(run: RunView): readonly Notified[] {
  return run.of('checkpoint-notified').filter(({ outcome }) => outcome === 'complete')
}

function toldBefore(run: RunView): string {
  const completed = completions(run)
  return tally(completionsTold(run).map((event) => event.seq < (completed.get(idOf(run, event))?.seq ?? Infinity)))
}

function toldTwice(run: RunView): string {
  const told = new Set<string>()
  return tally(
    run.of('checkpoint-notified').map((event) => {
      const name = `${run.attemptName(event)}/${String(event.checkpoint)}/${event.outcome}`
      const before = told.has(name)
      told.add(name)
      return before
    }),
  )
}

function toldInOrder(run: RunView): string {
  const newest = new Map<string, number>()
  return tally(
    completionsTold(run).map((event) => {
      const attempt = run.attemptName(event)
      const inOrder = event.checkpoint > (newest.get(attempt) ?? 0)
      newest.set(attempt, event.checkpoint)
      return inOrder
    }),
  )
}

/** A failure may come between; then the next attempt is not told either, because what it restored is known to be complete. */
function everyoneTold(run: RunView): string {
  const completed = completions(run)
  const tellable = new Set(completionsTold(run).map(({ vertex }) => vertex))
  const told = new Set(completionsTold(run).map((event) => `${run.attemptName(event)}/${String(event.checkpoint)}`))
  return tally(
    run.of('snapshot-taken').flatMap((event) => {
      if (!tellable.has(event.vertex) || !completed.has(idOf(run, event))) return []
      return [told.has(`${run.attemptName(event)}/${String(event.checkpoint)}`)]
    }),
  )
}

function coordinatorFirst(run: RunView): string {
  const told = completionsTold(run)
  const firstTask = new Map<string, number>()
  for (const event of told) {
    const id = idOf(run, event)
    if (event.subtask >= 0 && !firstTask.has(id)) firstTask.set(id, event.seq)
  }
  return tally(told.filter(({ subtask }) => subtask < 0).map((event) => event.seq < (firstTask.get(idOf(run, event)) ?? Infinity)))
}

function triggeredBeforeTold(run: RunView): string {
  const lastTold = new Map<string, number>()
  for (const event of completionsTold(run)) lastTold.set(idOf(run, event), event.seq)
  const triggered = run.of('checkpoint-triggered')
  if (lastTold.size === 0) return tally([])
  return seen(
    run.of('checkpoint-completed').some((event) => {
      const last = lastTold.get(idOf(run, event)) ?? 0
      return triggered.some(({ seq }) => seq > event.seq && seq < last)
    }),
  )
}
