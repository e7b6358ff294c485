import { assertPlain, NotPlainError } from '../world/index.js'
import type { Run } from './experiment.js'
import { pendingInWords } from './pending-in-words.js'

/**
 * Where in a run the value is that ended it because it is no plain data: whose state has it, or which message, and under which name.
 * Undefined where it is nowhere any more.
 */
export function placeOfNotPlain(run: Run): NotPlainError | undefined {
  const { actors, links } = run.world
  try {
    actors.forEach(({ state }, actor) => {
      assertPlain(state.volatile, `the state of ${run.actorName(actor)}`)
      assertPlain(state.durable, `what is durable of ${run.actorName(actor)}`)
    })
    for (const link of links) {
      link?.forEachTakeable((pending) => {
        assertPlain(pending.message, `in '${pendingInWords(run, pending)}', the message`)
      })
    }
  } catch (error) {
    if (error instanceof NotPlainError) return error
    throw error
  }
  return undefined
}
