import type { Outcome } from '../world/index.js'

/** Whether a call takes effect. */
export function takesEffect(outcome: Outcome): boolean {
  return outcome === 'done' || outcome === 'unknown-applied'
}

/** Whether the client learns what became of its call; otherwise it sees a timeout. */
export function isAnswered(outcome: Outcome): boolean {
  return outcome === 'done' || outcome === 'failed'
}
