import { it } from 'vitest'
import { runExperiment } from '../../src/search/experiment.js'
import { faultMenu, planOf } from '../../src/search/fault-menu.js'
import type { Mode, Scenario } from '../../src/search/scenario.js'
import { emptyStore, externalStore } from '../../src/systems/index.js'
import { sliceConfiguration, sliceJob } from './slice-job.js'

const scenario: Scenario = {
  name: 'slice', about: '', modes: ['aligned', 'at-least-once', 'off'],
  claims: (mode) => mode === 'aligned' ? [{ guarantee: 'exactly-once', at: 'state' }, { guarantee: 'exactly-once', at: 'external-store' }] : mode === 'at-least-once' ? [{ guarantee: 'at-least-once', at: 'state' }, { guarantee: 'at-least-once', at: 'external-store' }] : [],
  witnesses: () => [],
  setUp(world, mode) {
    const outside = world.process('outside')
    const store = world.add(outside, externalStore, 'external-store', emptyStore())
    const configuration = { ...sliceConfiguration, checkpointing: { ...sliceConfiguration.checkpointing, timeoutUs: 2_000_000, enabled: mode !== 'off', mode: mode === 'at-least-once' ? 'AT_LEAST_ONCE' as const : 'EXACTLY_ONCE' as const } }
    const graph = sliceJob(store, { parallelism: 2, perSplit: 100, keys: 16, configuration })
    return { graph, cluster: { taskManagers: 2, slots: 2 }, outside: [{ process: outside, strikable: true }], observed: new Map([['Sink', ['external-store']]]), splits: ['s0', 's1'].map((split) => ({ vertex: 'Src', split, records: 100 })), configuration: {}, settleUs: 100_000, limitUs: 120_000_000 }
  },
}

it('campaign', () => {
  for (const mode of (process.env.MODES ?? 'aligned').split(',') as Mode[]) {
    const menu = faultMenu(scenario, mode)
    console.log([...menu.reached], menu.firstCheckpointUs, menu.endUs)
    const verdicts = new Map<string, number>()
    let steps = 0, full = 0, shown = 0, late = 0
    const strikes: Record<string, number> = {}
    const t0 = performance.now()
    const n = Number(process.env.N ?? 100)
    for (let i = 0; i < n; i++) {
      const seed = `s${i}`
      if (process.env.ONLY && process.env.ONLY !== seed) continue
      const plan = planOf(seed, menu)
      let r
      try { r = runExperiment({ scenario, mode, seed, plan }, { keepHistory: !!process.env.ONLY }) } catch (e) { console.log(seed, e, JSON.stringify(plan)); break }
      steps += r.steps
      const v = r.verdict!
      const ev = (v as any).evidence
      if (ev?.fullRecovery) full++
      if (ev?.faultAfterCheckpoint) late++
      for (const [k, c] of Object.entries(ev?.strikes ?? {})) if (c as number > 0) strikes[k] = (strikes[k] ?? 0) + 1
      const key = v.verdict + ' ' + r.status
      verdicts.set(key, (verdicts.get(key) ?? 0) + 1)
      if ((v.verdict !== 'holds' || (r.status !== 'FINISHED')) && shown++ < Number(process.env.SHOW ?? 6)) {
        console.log(seed, r.status, r.endUs, JSON.stringify(plan))
        console.log(JSON.stringify({ p: v.protocol?.slice(0, 3).map((f: any) => [f.rule, f.message, f.evidence]), c: v.claims.filter((c: any) => c.promised).map((c: any) => [c.guarantee, c.at, c.verdict, c.anomalies, c.missing, c.findings.slice(0, 2).map((f: any) => [f.rule, f.message, f.evidence])]), pre: (v as any).preconditions ?? (v as any).broken, rest: Object.keys(v) }))
      }
      if (process.env.ONLY) console.log(r.history.filter(e => !(process.env.HIDE ?? 'emit,source-emit,state-apply,sink-write,visible,file-put,file-deleted,snapshot-taken,checkpoint-acknowledged').split(',').includes(e.kind)).map(e => JSON.stringify(e).slice(0, 220)).join('\n'))
    }
    const ms = performance.now() - t0
    console.log(mode, [...verdicts], `runs/s ${(n / ms * 1000).toFixed(0)} steps/run ${(steps / n).toFixed(0)} full ${full} late ${late}`, strikes)
  }
}, 600_000)
