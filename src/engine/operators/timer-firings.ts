/**
 * Which firing of a timer a function has asked for. A timer that has fired may be registered again, and what comes of each firing has an
 * identity of its own: key, time and the number of the firing.
 *
 * A replay must find that number again. The watermark does not tell it, which begins anew at a restore, nor does what registers the timer
 * first, which may be another record then. So firings are counted in keyed state, and with each stands who has asked for it: in
 * at-least-once mode a record may come again although the state that was restored holds what came of it. What it asks for then is the
 * firing that it has asked for before, which was put out already, and not the next one.
 */
import type { KeyedStateAccess } from '../operator.js'
import { timerIdentity, type Value } from '../record.js'
import { NOTES } from '../state/heap-keyed-state.js'
import { listOf } from './members.js'

/** The firings of one timer, numbered from 0. They stand where a function cannot clear them, by their time. */
interface Firings {
  /** How many there were. */
  readonly fired: number
  /** Identities of those who have asked for each, sorted: of records, and of timers whose function has registered this one. */
  readonly askers: readonly (readonly Value[])[]
}

/**
 * Which firing of the current key's timer at `timestamp` µs is asked for by `asker`: the one that it has asked for before, or the next one.
 */
export function askForFiring(keyed: KeyedStateAccess, timestamp: number, asker: number): number {
  const { fired, askers } = firingsOf(keyed, timestamp)
  const before = askers.findIndex((of) => of.includes(asker))
  if (before >= 0) return before
  const others = askers[fired] ?? []
  const behind = others.findIndex((other) => Number(other) > asker)
  note(keyed, timestamp, { fired, askers: [...askers.slice(0, fired), others.toSpliced(behind < 0 ? others.length : behind, 0, asker)] })
  return fired
}

/** Notes that a timer of the current key fires for the time with this number, and tells the identity of what it brings about. */
export function noteFiring(keyed: KeyedStateAccess, timestamp: number, firing: number): number {
  const { fired, askers } = firingsOf(keyed, timestamp)
  if (firing === fired) note(keyed, timestamp, { fired: firing + 1, askers })
  return timerIdentity(keyed.key, timestamp, firing)
}

/** The time stands among the values, too: digests of state go by what is noted, not by its name. */
function note(keyed: KeyedStateAccess, timestamp: number, { fired, askers }: Firings): void {
  keyed.put(String(timestamp), [timestamp, fired, askers], NOTES)
}

function firingsOf(keyed: KeyedStateAccess, timestamp: number): Firings {
  const [, fired, askers] = listOf(keyed.get(String(timestamp), NOTES))
  return { fired: typeof fired === 'number' ? fired : 0, askers: listOf(askers).map(listOf) }
}
