import type { EventOf } from '../../history/index.js'
import type { RunView } from './run-view.js'

/** What became of one transaction, by the events that speak of it. */
export interface TransactionView {
  readonly name: string
  readonly preCommit: EventOf<'pre-commit'> | undefined
  /** The checkpoint whose snapshot followed the pre-commit in the same attempt; undefined when none did. */
  readonly checkpoint: number | undefined
  readonly commits: readonly EventOf<'commit'>[]
  readonly requests: readonly EventOf<'commit-requested'>[]
  readonly aborts: readonly EventOf<'abort'>[]
}

interface Growing {
  preCommit: EventOf<'pre-commit'> | undefined
  checkpoint: number | undefined
  readonly commits: EventOf<'commit'>[]
  readonly requests: EventOf<'commit-requested'>[]
  readonly aborts: EventOf<'abort'>[]
}

/** All transactions of a history. A pre-commit belongs to the next snapshot that its sink's attempt takes. */
export function transactionsOf(run: RunView): readonly TransactionView[] {
  const found = new Map<string, Growing>()
  const all: { readonly name: string; readonly transaction: Growing }[] = []
  const add = (name: string): Growing => {
    const transaction: Growing = { preCommit: undefined, checkpoint: undefined, commits: [], requests: [], aborts: [] }
    found.set(name, transaction)
    all.push({ name, transaction })
    return transaction
  }
  const get = (name: string): Growing => found.get(name) ?? add(name)
  const waiting = new Map<string, Growing[]>()
  for (const event of run.events) {
    switch (event.kind) {
      case 'transaction-begun':
        get(event.transaction)
        break
      case 'pre-commit': {
        const known = get(event.transaction)
        // A transactional id of Kafka is used again: a second pre-commit is another transaction's.
        const transaction = known.preCommit === undefined ? known : add(event.transaction)
        transaction.preCommit = event
        const writer = run.attemptName(event)
        waiting.set(writer, [...(waiting.get(writer) ?? []), transaction])
        break
      }
      case 'snapshot-taken':
        if (run.role(event.vertex) !== 'sink') break
        for (const transaction of waiting.get(run.attemptName(event)) ?? []) transaction.checkpoint ??= event.checkpoint
        waiting.delete(run.attemptName(event))
        break
      case 'commit':
        get(event.transaction).commits.push(event)
        break
      case 'commit-requested':
        get(event.transaction).requests.push(event)
        break
      case 'abort':
        get(event.transaction).aborts.push(event)
        break
      default:
    }
  }
  return all.map(({ name, transaction }) => ({ name, ...transaction }))
}

/** `seq` at which a transaction took effect; undefined when it never did. */
export function committedAt({ commits }: TransactionView): number | undefined {
  return commits.find(({ result }) => result === 'applied' || result === 'already')?.seq
}
