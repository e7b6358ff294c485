import type { HistoryEvent } from '../history/index.js'
import type { Tamper } from './hand-made-changes.js'
import { events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

/** A change to the good run, the rule that must find it, and an event that must be among those it names. */
export type ProtocolCase = readonly [name: string, rule: string, tamper: Tamper, names: (event: HistoryEvent) => boolean]

/** What the rules say about the good run after a change, with the events they name as the proof. */
export function brokenRules(tamper: Tamper): { rules: string[]; named: HistoryEvent[] } {
  const history = events(tamper(goodRun()))
  const { protocol } = judge(SMALL_JOB, history)
  const named = protocol.flatMap((finding) => finding.evidence.map((seq) => history[seq - 1])).filter((event) => event !== undefined)
  return { rules: [...new Set(protocol.map((finding) => finding.rule))], named }
}
