/**
 * Transaction commit as specified in `TCommit.tla` (tlaplus/Examples, transaction_commit; Gray and Lamport): what a commit protocol
 * must do, without saying how. Two-phase commit implements it.
 */
import { always, sometimes, type Model } from '../../src/check/index.js'

type ManagerState = 'working' | 'prepared' | 'committed' | 'aborted'

/** The only variable: what each resource manager is. */
export interface TransactionCommitState {
  readonly rms: readonly ManagerState[]
}

/** A resource manager goes over to a state. */
export interface TransactionCommitAction {
  readonly rm: number
  readonly to: ManagerState
}

/** So many resource managers. */
export function transactionCommit(count: number): Model<TransactionCommitState, TransactionCommitAction> {
  return {
    name: `TCommit(${count})`,
    initial: () => [{ rms: Array.from({ length: count }, () => 'working') }],
    actions: ({ rms }) => {
      const canCommit = rms.every((state) => state === 'prepared' || state === 'committed')
      const notCommitted = !rms.includes('committed')
      return rms.flatMap((state, rm) => [
        ...(state === 'working' ? [{ rm, to: 'prepared' as const }] : []),
        ...(state === 'prepared' && canCommit ? [{ rm, to: 'committed' as const }] : []),
        ...((state === 'working' || state === 'prepared') && notCommitted ? [{ rm, to: 'aborted' as const }] : []),
      ])
    },
    next: ({ rms }, { rm, to }) => ({ rms: rms.with(rm, to) }),
    properties: [
      always('decisions agree', ({ rms }) => !(rms.includes('committed') && rms.includes('aborted'))),
      sometimes('all commit', ({ rms }) => rms.every((state) => state === 'committed')),
    ],
  }
}
