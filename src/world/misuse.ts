/** What is said to those who ask a world for what cannot be. */
import type { LinkLabel } from './stream.js'

/** A timer that would fire before it is armed, or never. */
export function wrongDelay(actor: number, name: string, delayUs: number): RangeError {
  const when = delayUs < 0 ? `would fire ${String(-delayUs)} µs ago` : `is armed with ${String(delayUs)} µs`
  return new RangeError(`timer ${name} of actor ${String(actor)} ${when}; allowed: 0 µs and more`)
}

/** A message to nobody: the reference was made up. */
export function wrongReceiver(from: number, to: number, kind: string, actors: number): RangeError {
  return new RangeError(
    `actor ${String(from)} sends ${kind} to actor ${String(to)}, which there is not; allowed: 0 to ${String(actors - 1)}`,
  )
}

/** A message that would arrive before it is sent, or at no time. */
export function wrongLatency({ from, to, lane }: LinkLabel, minUs: number, maxUs: number): RangeError {
  const link = `the latency from actor ${String(from)} to actor ${String(to)}, lane ${String(lane)}`
  return new RangeError(`${link}, is ${String(minUs)} to ${String(maxUs)} µs; allowed: minUs from 0 on, and maxUs from minUs on`)
}

/** A choice among nothing. */
export function wrongChoice(label: string, n: number): RangeError {
  return new RangeError(`${label}: a choice among ${String(n)}; allowed: 1 and more`)
}
