/** Facts about what is left in the end. */
import { countHistory } from '../../history/index.js'
import type { ProtocolFact } from './protocol-fact.js'
import { names, NOTHING, seen, type RunView } from './run-view.js'
import { committedAt, transactionsOf } from './transaction-view.js'

export const outcomeFacts: readonly ProtocolFact[] = [
  { name: 'transactions', nature: 'timing', asks: 'in which states are transactions left?', of: transactionStates },
  {
    name: 'duplicates',
    nature: 'rule',
    asks: 'does the most careful reader see duplicates?',
    of: (run) => seen(countHistory(run.header, run.events).duplicated > 0),
  },
  { name: 'loss', nature: 'rule', asks: 'is input never seen?', of: (run) => seen(countHistory(run.header, run.events).lost > 0) },
  { name: 'uncommitted seen twice', nature: 'timing', asks: 'does a reader of uncommitted records see some twice?', of: uncommittedTwice },
  { name: 'wrong counts', nature: 'rule', asks: 'is the keyed state wrong in the end?', of: wrongCounts },
]

/**
 * A producer of Kafka that aborts at its end tells nobody but the broker: where no abort is shown, `not committed` is all that is known.
 */
function transactionStates(run: RunView): string {
  return names(
    transactionsOf(run).map((transaction) => {
      if (committedAt(transaction) !== undefined) return 'committed'
      if (transaction.aborts.length > 0) return 'aborted'
      return transaction.preCommit === undefined ? 'open' : 'pre-committed'
    }),
  )
}

function uncommittedTwice(run: RunView): string {
  const { readUncommitted } = countHistory(run.header, run.events)
  return readUncommitted === undefined ? NOTHING : seen(readUncommitted.duplicated > 0)
}

function wrongCounts(run: RunView): string {
  if (run.of('state-apply').length === 0) return NOTHING
  return seen(countHistory(run.header, run.events).keyedStateMaxError > 0)
}
