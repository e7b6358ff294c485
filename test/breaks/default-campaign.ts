/**
 * The default campaign, run from a broken copy until one of the expected rules names the break: every scenario in every mode in
 * turn, the plan of each seed drawn from its menu. Prints what it saw as one line of JSON.
 */
import { pathToFileURL } from 'node:url'
import type { Finding } from '../../src/guarantees/index.js'
import { runExperiment } from '../../src/search/experiment.js'
import { faultMenu, planOf } from '../../src/search/fault-menu.js'
import { sliceScenario } from '../engine/slice-scenario.js'

/** What a campaign on a broken copy came to. */
export interface CampaignSight {
  /** What named the break, if anything did. */
  readonly caught: {
    readonly rule: string
    readonly anomaly: string
    readonly seed: string
    readonly scenario: string
    readonly message: string
  } | null
  readonly runs: number
  /** Runs by each rule that complained, expected or not, and by how a run ended in an error. */
  readonly seen: Readonly<Record<string, number>>
}

/** Runs until one of `expected` names a violation, or `maxRuns` are over. */
export function huntFor(expected: readonly string[], maxRuns: number): CampaignSight {
  const cells = [sliceScenario].flatMap((scenario) =>
    scenario.modes.filter((mode) => mode !== 'off').map((mode) => ({ scenario, mode, menu: faultMenu(scenario, mode) })),
  )
  const seen: Record<string, number> = {}
  for (let run = 0; run < maxRuns; run++) {
    const { scenario, mode, menu } = cells[run % cells.length]!
    const seed = `${String(Math.floor(run / cells.length))}`
    const findings = findingsOf(() => runExperiment({ scenario, mode, seed, plan: planOf(seed, menu) }).verdict)
    for (const rule of new Set(findings.map((finding) => finding.rule))) seen[rule] = (seen[rule] ?? 0) + 1
    const hit = findings.find(({ rule }) => expected.includes(rule))
    if (hit !== undefined) {
      const { rule, anomaly, message } = hit
      return { caught: { rule, anomaly, message, seed, scenario: `${scenario.name} ${mode}` }, runs: run + 1, seen }
    }
  }
  return { caught: null, runs: maxRuns, seen }
}

/** Everything that counts against a run: the protocol, progress, and the promised claims within their preconditions. */
function findingsOf(run: () => ReturnType<typeof runExperiment>['verdict']): readonly Pick<Finding, 'rule' | 'anomaly' | 'message'>[] {
  try {
    const verdict = run()
    if (verdict === undefined) return []
    const counted = verdict.claims.filter((claim) => claim.promised && claim.beyond.length === 0)
    return [...verdict.protocol, ...verdict.progress.findings, ...counted.flatMap((claim) => claim.findings)]
  } catch (error) {
    return [{ rule: `error: ${String(error)}`, anomaly: 'protocol', message: String(error) }]
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , expected = '', maxRuns = '2000'] = process.argv
  console.log(JSON.stringify(huntFor(expected.split(','), Number(maxRuns))))
}
