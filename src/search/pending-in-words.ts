import type { Pending } from '../world/index.js'
import type { Run } from './experiment.js'

/** What is due next in a run, as a sentence: who is told what, whose timer fires, what strikes. */
export function pendingInWords(run: Run, { link, timer, strike, message }: Pending): string {
  const name = (actor: number): string => run.actorName(actor)
  if (link !== undefined) return `${name(link.from)} tells ${name(link.to)}: ${kindOf(message)}`
  if (timer !== undefined) return `the timer '${timer.name}' of ${name(timer.actor)} fires`
  if (strike === undefined) return 'nothing'
  switch (strike.kind) {
    case 'arrival':
      return `${name(strike.from)} tells ${name(strike.to)}, out of turn: ${kindOf(strike.message)}`
    case 'heartbeat':
      return 'heartbeats are exchanged'
    default:
      return `${strike.kind} of ${run.world.processes[strike.process]?.name ?? 'a process'}`
  }
}

/** The kind of a message, and what it carries where it is an envelope. */
function kindOf(message: Pending['message']): string {
  const fields: readonly (readonly [string, unknown])[] = Object.entries(message)
  for (const [field, inner] of fields) {
    if (field !== 'mail' && field !== 'message' && field !== 'element') continue
    if (typeof inner === 'object' && inner !== null && 'kind' in inner && typeof inner.kind === 'string') return inner.kind
  }
  return message.kind
}
