/** What a search can say of itself while it runs. */

/** For a progress line. */
export interface Progress {
  readonly distinct: number
  readonly generated: number
  readonly depth: number
  /** States that wait. */
  readonly queue: number
  /** Distinct states a second, since the start. */
  readonly statesPerSecond: number
  /** Distinct states still to come, estimated from how the layers of a breadth-first search grow and shrink; undefined: no idea. */
  readonly estimatedLeft: number | undefined
}

const MIN_LAYERS = 4
const MAX_LAYERS = 10_000

/**
 * Goes on with the layers as they have grown: each ratio of neighbours is smaller than the one before by the same factor, as in a
 * bell. `layers[i]` is the number of states at depth `i`; the last one is still growing and not looked at.
 */
export function estimateLeft(layers: readonly number[], queue: number): number | undefined {
  const whole = layers.slice(1, -1)
  if (whole.length < MIN_LAYERS) return undefined
  const [a = 0, b = 0, c = 0] = whole.slice(-3)
  const shrinking = c / b / (b / a)
  if (!(shrinking < 1)) return undefined
  let ratio = c / b
  let layer = c
  let sum = 0
  for (let i = 0; i < MAX_LAYERS && layer >= 1; i++) {
    ratio *= shrinking
    layer *= ratio
    sum += layer
  }
  return Math.max(queue, Math.round(sum - (layers.at(-1) ?? 0)))
}

/** One line, as long as it must be. */
export function progressLine({ distinct, generated, depth, queue, statesPerSecond, estimatedLeft }: Progress): string {
  const left = estimatedLeft === undefined ? '' : `, about ${estimatedLeft} left`
  return `${distinct} states (${generated} generated), depth ${depth}, ${queue} waiting, ${Math.round(statesPerSecond)}/s${left}`
}
