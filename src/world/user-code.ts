/** What is asked of the code that the world is given: behaviors of actors, and whatever these call in turn. */

/** Thrown where such code does what it must not. The mistake is that code's, wherever it is noticed. */
export class UserCodeError extends TypeError {}

/** What an `async` function returns. */
interface Thenable {
  then(fulfilled: () => void, rejected: () => void): unknown
}

/**
 * What a function has returned; fails when that is a promise. What comes behind the first `await` of an `async` function happens outside
 * of every step: nobody would wait for it, and no replay would repeat it.
 * @param who whose function it is, for the message
 */
export function refusePromise<T>(returned: T, who: string): T {
  if (typeof returned !== 'object' || !isThenable(returned)) return returned
  // How it ends is of no interest any more; a rejection must not end the program before this error is told.
  returned.then(nothing, nothing)
  throw new UserCodeError(`${who}: a function returned a promise; user code must be synchronous, without async and await`)
}

/** Asks for the member at once: `in` costs several times as much on values of many shapes. */
function isThenable(value: { readonly then?: unknown } | null): value is Thenable {
  return value !== null && typeof value.then === 'function'
}

function nothing(): void {}
