/**
 * The engine's workload: Kafka to Kafka in transactions at parallelism 2, with trace hash, failpoints and a fault plan of its own
 * for every seed, and nobody who takes notes: no history, no oracle. The topic is longer than in the stories, so that it is the
 * engine at work that is measured and not the start of its jobs.
 */
import { longKafkaToKafka } from '../scenarios/index.js'
import { faultMenu, planOf, unrecordedExperiment } from '../src/search/index.js'
import { mix } from '../src/world/index.js'

const MODE = 'aligned'

/** What may go wrong, and when the job ends if nothing does: measured once, when the workload is loaded. */
const menu = faultMenu(longKafkaToKafka, MODE)

/** Runs so many world steps, seed after seed, each to the same virtual time, and returns a hash of all their traces. */
export function engineKafka(seed: string, events: number): string {
  let hash = 0
  let left = events
  for (let run = 0; left > 0; run++) {
    const name = `${seed}-${String(run)}`
    const { world, driver } = unrecordedExperiment({ scenario: longKafkaToKafka, mode: MODE, seed: name, plan: planOf(name, menu) })
    while (world.steps < left && driver.next(world, menu.endUs));
    if (world.steps === 0) throw new RangeError('a job without any step')
    left -= world.steps
    hash = mix(hash, Number.parseInt(world.traceHash().slice(-8), 16))
  }
  return String(hash)
}
