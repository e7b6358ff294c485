/** Steps that no run needs in which no time passes: one that takes them all at once goes in circles. */
const STEPS_AT_ONCE = 200_000
/** Who waits asks again every now and then, and a message may be hours late where a checkpoint may take hours: a step for so many µs. */
const US_PER_STEP = 5_000
/** Steps of the longest runs; one that goes on for ever ends with them, however far apart they are. */
const MOST_STEPS = 1_000_000

/** Steps after which a run is given up as stuck, when so much time has passed in it, µs. */
export function stepLimit(elapsedUs: number): number {
  return Math.min(MOST_STEPS, STEPS_AT_ONCE + elapsedUs / US_PER_STEP)
}
