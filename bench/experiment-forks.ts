/** What it costs to go back in an experiment: to keep a copy of it, to go on from one, and to find out when a violation became certain. */
import { kafkaTransactionTimeout } from '../scenarios/index.js'
import { explainSighting, Run, type Experiment } from '../src/search/index.js'

/** A crash of the JobManager that outlasts the transaction timeout: records are lost for sure from that moment on. */
const experiment: Experiment = {
  scenario: kafkaTransactionTimeout,
  mode: 'aligned',
  seed: '1-0',
  plan: [{ kind: 'crash', process: 'JobManager', at: { point: 'checkpoint.store.added', nth: 3 }, downUs: 160_000 }],
  restores: false,
}
const LOST = 'beyond|exactly-once|read_committed|Sink: Writer|lost|output-at-least-once'

const HALF_WAY = 800
const COPIES = 301

/**
 * µs of one copy that is kept, and of one that goes on and is judged: the judge reads what was before. Medians of single copies in mid-run.
 */
export function experimentForks(): { readonly snapshotMicroseconds: number; readonly restoreMicroseconds: number } {
  const run = new Run(experiment, { keepHistory: true })
  while (run.world.steps < HALF_WAY && run.step());
  const kept = run.snapshot()
  const past = run.history
  return {
    snapshotMicroseconds: median(() => run.snapshot()),
    restoreMicroseconds: median(() => kept.fork('restored', past)),
  }
}

/** When the loss became certain, with 20 forks at each probe. */
export function certaintyCost(): { readonly certaintySeconds: number; readonly certaintyEvents: number; readonly certaintyForks: number } {
  const began = performance.now()
  const certain = explainSighting(experiment, LOST, { forks: 20 })?.certain
  if (certain === undefined) throw new RangeError('nothing is lost: this is not what was to be measured')
  return {
    certaintySeconds: Number(((performance.now() - began) / 1000).toFixed(2)),
    certaintyEvents: certain.probes.at(-1)?.step ?? 0,
    certaintyForks: certain.probes.reduce((sum, { forks }) => sum + forks, 0),
  }
}

function median(copy: () => unknown): number {
  const costs = Array.from({ length: COPIES }, () => {
    const start = performance.now()
    copy()
    return 1000 * (performance.now() - start)
  })
  return Number((costs.sort((a, b) => a - b)[COPIES >> 1] ?? 0).toFixed(1))
}
