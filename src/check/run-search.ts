/** Runs a search within its limits, and survives whatever the model does. */
import { defectShownBy, DefectOfModel } from './defect.js'
import { contentOf } from './known-states.js'
import type { Limits } from './limits.js'
import { estimateLeft } from './progress.js'
import type { Search } from './search.js'
import { STOOD_STILL, stopwatch, Watchdog } from './stopwatch.js'

/** Milliseconds between two looks at clock and memory. */
const SLICE_MS = 50

/** What a waiting state takes besides its content. */
const NODE_BYTES = 120

/** What became of a search. */
export interface SearchRun {
  readonly defect: DefectOfModel | undefined
  readonly seconds: number
  readonly longestQueue: number
}

/** Runs the search until it has ended or a limit is hit, which is written into `search.cut`. */
export function runSearch<S, A>(search: Search<S, A>, limits: Limits): SearchRun {
  const elapsed = stopwatch()
  const watchdog = new Watchdog()
  let longestQueue = 0
  let toldAt = 0
  let defect: DefectOfModel | undefined
  const slice = (): void => {
    const until = elapsed() + SLICE_MS
    search.run(() => elapsed() >= until)
  }
  while (defect === undefined && !search.ended) {
    const seconds = elapsed() / 1000
    const hit = seconds >= limits.maxSeconds ? 'seconds' : bytesOf(search) >= limits.maxBytes ? 'memory' : undefined
    if (hit !== undefined) {
      search.cut.set(hit, search.plan.frontier.size)
      break
    }
    if (seconds - toldAt >= limits.everySeconds) {
      toldAt = seconds
      tell(search, limits, seconds)
    }
    const watched = watch(watchdog, limits.maxStepSeconds, slice)
    if (watched === STOOD_STILL) {
      search.cut.set(watched, search.plan.frontier.size)
      break
    }
    defect = watched
    longestQueue = Math.max(longestQueue, search.plan.frontier.size)
  }
  return { defect, seconds: elapsed() / 1000, longestQueue }
}

function watch(watchdog: Watchdog, seconds: number, work: () => void): DefectOfModel | typeof STOOD_STILL | undefined {
  try {
    const watched = watchdog.watch(1000 * seconds + SLICE_MS, work)
    if (watched === 'endless') return new DefectOfModel('does-not-end', `it was still running after ${seconds} s`)
    return watched === 'ended' ? undefined : watched
  } catch (error) {
    return defectShownBy(error)
  }
}

/** Known states and ways exactly; waiting states as if they shared nothing. */
function bytesOf<S, A>({ plan, predecessors, expanding }: Search<S, A>): number {
  const waiting = expanding === undefined ? 0 : plan.frontier.size * (NODE_BYTES + 2 * contentOf(expanding.state).length)
  return plan.known.bytes + predecessors.bytes + waiting
}

function tell<S, A>(search: Search<S, A>, { told }: Limits, seconds: number): void {
  const { distinct, generated, depth, layers } = search
  const queue = search.plan.frontier.size
  told?.({ distinct, generated, depth, queue, statesPerSecond: distinct / seconds, estimatedLeft: estimateLeft(layers, queue) })
}
