import type { HistoryEvent, HistoryHeader } from '../../history/index.js'
import { checkpointFacts } from './checkpoint-facts.js'
import { failureFacts } from './failure-facts.js'
import { notificationFacts } from './notification-facts.js'
import { outcomeFacts } from './outcome-facts.js'
import type { ProtocolFact } from './protocol-fact.js'
import { recoveryFacts } from './recovery-facts.js'
import { RunView } from './run-view.js'

/** All questions, in the order of reports. */
export const PROTOCOL_FACTS: readonly ProtocolFact[] = [
  ...recoveryFacts,
  ...notificationFacts,
  ...checkpointFacts,
  ...failureFacts,
  ...outcomeFacts,
]

/** Answers by the name of the fact. */
export type ProtocolFacts = ReadonlyMap<string, string>

/** What a history shows of the protocol: every question with its answer, alike for recorded and simulated histories. */
export function protocolFacts(header: HistoryHeader, events: readonly HistoryEvent[]): ProtocolFacts {
  const run = new RunView(header, events)
  return new Map(PROTOCOL_FACTS.map(({ name, of }) => [name, of(run)]))
}
