/** What is measured. Each measurement loads nothing but what it needs and has a process of its own: see `main.ts`. */
import { besideBareLoop } from './beside-bare-loop.js'

/** Figures by the name of their field; `barePerSecond` is the yardstick of this process. */
export type Figures = Readonly<Record<string, number>>

/** Events are world steps. */
export const measurements: ReadonlyMap<string, () => Promise<Figures>> = new Map([
  ['world', measureWorld],
  ['engine', measureEngine],
  ['runs', measureRuns],
  ['campaign', measureCampaign],
  ['forks', measureForks],
  ['checker', measureChecker],
  ['worlds', measureWorlds],
  ['engine-states', measureEngineStates],
])

async function measureWorld(): Promise<Figures> {
  const { worldRing, forkMicroseconds } = await import('./world-ring.js')
  const { perSecond, barePerSecond, perBare } = besideBareLoop(worldRing, 1_500_000)
  const fork = Number(forkMicroseconds('fork').toFixed(1))
  return { barePerSecond, worldEventsPerSecond: perSecond, worldPerBare: perBare, forkMicroseconds: fork }
}

async function measureEngine(): Promise<Figures> {
  const { engineKafka } = await import('./engine-kafka.js')
  const { perSecond, barePerSecond, perBare } = besideBareLoop(engineKafka, 400_000)
  return { barePerSecond, engineEventsPerSecond: perSecond, enginePerBare: perBare }
}

/** With the rounds that warm up there are 10,000 complete runs, after which the peak of memory is read. */
async function measureRuns(): Promise<Figures> {
  const { completeRuns } = await import('./complete-runs.js')
  const { perSecond, barePerSecond } = besideBareLoop(completeRuns, 1_000)
  // Kilobytes of the operating system are 1,024 bytes.
  const peak = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
  return { barePerSecond, runsPerSecond: perSecond, peakMemoryMegabytes: peak }
}

async function measureCampaign(): Promise<Figures> {
  const { campaignRuns } = await import('./campaign-runs.js')
  const { perSecond, barePerSecond } = besideBareLoop(campaignRuns, 100)
  return { barePerSecond, campaignRunsPerSecond: perSecond }
}

async function measureForks(): Promise<Figures> {
  const { experimentForks, certaintyCost } = await import('./experiment-forks.js')
  return { ...experimentForks(), ...certaintyCost() }
}

async function measureChecker(): Promise<Figures> {
  const { twoPhasePlain } = await import('./two-phase-plain.js')
  return { twoPhasePlainStatesPerSecond: Math.round(twoPhasePlain()) }
}

async function measureWorlds(): Promise<Figures> {
  const { twoPhaseOfActors } = await import('./two-phase-world.js')
  return { twoPhaseWorldStatesPerSecond: Math.round(twoPhaseOfActors()) }
}

async function measureEngineStates(): Promise<Figures> {
  const { engineStates } = await import('./engine-states.js')
  return engineStates()
}
