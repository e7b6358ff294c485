import type { HistoryEvent } from '../history/index.js'
import type { TimedDriver, World } from '../world/index.js'
import type { ReachLog } from './reach-log.js'

/** What is asked of a run besides its verdict. */
export interface ExperimentOptions {
  /** Keep the whole history (to write, print or tamper with it). */
  readonly keepHistory?: boolean
  /** Do not judge: only run. */
  readonly unjudged?: boolean
  /** Plan and set-up are known to fit the job: they were asked before, or the plan was drawn for this cell. */
  readonly knownToFit?: boolean
  /** Freeze everything that is sent (tests). */
  readonly freeze?: boolean
  /** Take every step twice, and all of them once more in the end: whether user code does the same each time; see `RepeatedSteps`. */
  readonly repeatSteps?: boolean
  /** Steps after which a run is given up; absent: see `stepLimit`. */
  readonly maxSteps?: number
  /** Takes how often each step, call and RPC is taken by each role: `<failpoint> <role>`. */
  readonly census?: Map<string, number>
  /** Note every choice. */
  readonly keepChoices?: boolean
  /** Is told of every named step, call and RPC that is reached. */
  readonly reached?: ReachLog
  /** Is told of every event of the history. */
  readonly onEvent?: (event: HistoryEvent) => void
  /** Told of the world before its first step and after each, and how many choices were made until then, if they are kept. */
  readonly onStep?: (world: World, driver: TimedDriver, choices: number | undefined) => void
}
