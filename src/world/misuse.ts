/** What is said to those who ask a world for what cannot be. */
import type { LinkLabel } from './stream.js'

/** A world was asked for what cannot be. Whose mistake that is, whoever has asked knows. */
export class MisuseError extends RangeError {}

/** A timer that would fire before it is armed, or never. */
export function wrongDelay(actor: number, name: string, delayUs: number): MisuseError {
  const when = delayUs < 0 ? `would fire ${String(-delayUs)} µs ago` : `is armed with ${String(delayUs)} µs`
  return new MisuseError(`timer ${name} of actor ${String(actor)} ${when}; allowed: 0 µs and more`)
}

/** A message to nobody: the reference was made up. */
export function wrongReceiver(from: number, to: number, kind: string, actors: number): MisuseError {
  return new MisuseError(
    `actor ${String(from)} sends ${kind} to actor ${String(to)}, which there is not; allowed: 0 to ${String(actors - 1)}`,
  )
}

/** A message that would arrive before it is sent, or at no time. */
export function wrongLatency({ from, to, lane }: LinkLabel, minUs: number, maxUs: number): MisuseError {
  const link = `the latency from actor ${String(from)} to actor ${String(to)}, lane ${String(lane)}`
  return new MisuseError(`${link}, is ${String(minUs)} to ${String(maxUs)} µs; allowed: minUs from 0 on, and maxUs from minUs on`)
}

/** A choice among nothing. */
export function wrongChoice(label: string, n: number): MisuseError {
  return new MisuseError(`${label}: a choice among ${String(n)}; allowed: 1 and more`)
}
