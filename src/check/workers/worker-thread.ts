/** The loop of a worker: it does what it is told, and between messages a share of the work. */
import type { MessagePort } from 'node:worker_threads'
import { STOOD_STILL, stopwatch, Watchdog } from '../stopwatch.js'
import type { Explorer } from './explorer.js'
import type { Order, Report } from './protocol.js'
import { Share } from './share.js'

/** Milliseconds of work between two messages. */
const SLICE_MS = 20
/** States between two looks at the clock. */
const LOOK_EVERY = 64

/** What a worker of either kind is told when it starts. */
export interface WorkerPlace {
  /** Which one of how many it is. */
  readonly worker: number
  readonly workers: number
  /** Seconds that a single step may take. */
  readonly maxStepSeconds: number
}

/** Works on what `explorerFor` gives, until the thread is ended. */
export async function work(
  port: MessagePort,
  { worker, workers, maxStepSeconds }: WorkerPlace,
  explorerFor: (share: Share) => Promise<Explorer> | Explorer,
): Promise<void> {
  const post = (report: Report): void => {
    port.postMessage(report)
  }
  const share = new Share(worker, workers, post)
  try {
    share.begin(await explorerFor(share))
  } catch (error) {
    post({ kind: 'refused', reason: error instanceof Error ? error.message : String(error) })
    return
  }
  const slices = new Slices(share, maxStepSeconds)
  port.on('message', (order: Order) => {
    share.handle(order)
    slices.begin()
  })
}

/** Work in slices, so that messages are heard in between. */
class Slices {
  private readonly watchdog = new Watchdog()
  private readonly elapsed = stopwatch()
  private isDue = false

  constructor(
    private readonly share: Share,
    private readonly maxStepSeconds: number,
  ) {}

  begin(): void {
    if (this.isDue || !this.share.isExpanding) return
    this.isDue = true
    setImmediate(() => {
      this.isDue = false
      this.slice()
      this.begin()
    })
  }

  private slice(): void {
    const { share, maxStepSeconds } = this
    try {
      const watched = this.watchdog.watch(1000 * maxStepSeconds + SLICE_MS, () => {
        this.work()
      })
      if (watched === 'endless') share.cutOff(maxStepSeconds)
      if (watched === STOOD_STILL) share.standStill()
    } catch (error) {
      share.fail(error)
    }
    share.tellProgress()
  }

  private work(): void {
    const until = this.elapsed() + SLICE_MS
    let left = LOOK_EVERY
    this.share.slice(() => {
      if (--left > 0) return false
      left = LOOK_EVERY
      return this.elapsed() >= until
    })
  }
}
