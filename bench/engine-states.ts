/** The engine under the exhaustive checker: Kafka to Kafka with transactions, one crash; with and without remembering steps. */
import { scenarios, wordCount } from '../scenarios/index.js'
import { exploreWorld, type WorldResult } from '../src/check/index.js'
import { scopeExploration, scopeOf, SometimesFacts } from '../src/search/index.js'

/** States enough for what is run once to weigh little; and fewer, where everything is run every time. */
const STATES = 1_500_000
const STATES_WITHOUT_MEMORY = 20_000

/** Distinct states a second, and the share of steps that were remembered. */
export function engineStates(): Readonly<Record<string, number>> {
  const remembered = explored(true, STATES)
  const run = explored(false, STATES_WITHOUT_MEMORY)
  return {
    engineStatesPerSecond: Math.round(remembered.distinct / remembered.seconds),
    engineStatesPerSecondWithoutMemo: Math.round(run.distinct / run.seconds),
    engineHitRate: Number(remembered.hitRate.toFixed(5)),
    engineBytesPerState: Number((remembered.visitedBytes / remembered.distinct).toFixed(1)),
  }
}

function explored(remember: boolean, maxStates: number): WorldResult {
  const scope = scopeOf({ sources: 2, crashes: 1 })
  const scenario = scenarios.find(({ name }) => name === 'kafka-to-kafka-exactly-once') ?? wordCount
  const check = { scenario, mode: 'aligned', scope, reductions: ['answers', 'inline-state'] } as const
  const { exploration } = scopeExploration(check, { sometimes: new SometimesFacts(), ended: () => {} })
  return exploreWorld(exploration, { remember, maxStates })
}
