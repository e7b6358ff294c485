/** Work that lets others have their turn. */

/** Work that stops after each short while, done without a break. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    if (value !== undefined) throw new RangeError('what other threads do must be waited for')
  }
}

/**
 * Work that stops after each short while, so that something else can be done, such as to hear of signals; and where others must come to
 * an end first, with a promise of that.
 */
export type Slices<T> = Generator<Promise<unknown> | undefined, T>
