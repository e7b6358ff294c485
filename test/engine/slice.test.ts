import { expect, it } from 'vitest'
import { addCluster, startCluster } from '../../src/engine/cluster.js'
import { HistoryRecorder } from '../../src/history/index.js'
import { emptyStore, externalStore } from '../../src/systems/index.js'
import { TimedDriver, World } from '../../src/world/index.js'
import { sliceConfiguration, sliceJob } from './slice-job.js'

export function runSlice(seed: string, crash: boolean) {
  const driver = new TimedDriver({ seed, latency: (_f, _t, lane) => (lane >= 50 ? { minUs: 100, maxUs: 2000 } : { minUs: 20, maxUs: 300 }) })
  const recorder = new HistoryRecorder()
  const world = new World({ driver, recorder: recorder.take!, freeze: true })
  const outside = world.process('outside')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const graph = sliceJob(store, { parallelism: 2, perSplit: 100, keys: 16, configuration: sliceConfiguration })
  world.start(outside)
  const cluster = addCluster(world, graph, { taskManagers: 2, slots: 2 })
  startCluster(world, cluster)
  if (crash) {
    driver.plan({ kind: 'crash', process: cluster.taskManagerProcesses[0]! }, 250_000)
    driver.plan({ kind: 'start', process: cluster.taskManagerProcesses[0]! }, 300_000)
  }
  let steps = 0
  while (steps < 100_000 && driver.next(world)) { steps++; if (recorder.events.some(e => e.kind === 'job-status' && e.status === 'FINISHED') ) break }
  return { recorder, steps, world }
}

it('runs', () => {
  const { recorder, steps, world } = runSlice('a', true)
  const kinds = new Map<string, number>()
  for (const e of recorder.events) kinds.set(e.kind, (kinds.get(e.kind) ?? 0) + 1)
  console.log(steps, [...kinds], world.traceHash())
  console.log(recorder.events.filter(e => !['emit','source-emit','state-apply','sink-write','visible','file-put','file-deleted','commit-requested','checkpoint-notified','checkpoint-acknowledged','acknowledgement-accepted','snapshot-taken','snapshot-durable'].includes(e.kind)).slice(0, 120).map(e => JSON.stringify(e)).join('\n'))
  expect(steps).toBeGreaterThan(10)
})
