/**
 * Two-phase commit as specified in `TwoPhase.tla` (tlaplus/Examples, transaction_commit; Gray and Lamport, Consensus on Transaction
 * Commit). Resource managers prepare or abort by themselves; the set of messages only grows, and a message may be received any
 * number of times, which is why steps that change nothing are steps too.
 */
import { always, sometimes, type Model } from '../../src/check/index.js'

/** What a resource manager is, and which of its `Prepared` message was sent and received. */
interface ResourceManager {
  readonly state: 'working' | 'prepared' | 'committed' | 'aborted'
  readonly sent: boolean
  readonly received: boolean
}

/** All of the specification's variables; the messages Commit and Abort are their own members. */
export interface TwoPhaseState {
  readonly rms: readonly ResourceManager[]
  readonly tm: 'init' | 'committed' | 'aborted'
  readonly commit: boolean
  readonly abort: boolean
}

/** The disjuncts of the next-state relation. */
export interface TwoPhaseAction {
  readonly kind: 'TMCommit' | 'TMAbort' | 'TMRcvPrepared' | 'RMPrepare' | 'RMChooseToAbort' | 'RMRcvCommitMsg' | 'RMRcvAbortMsg'
  readonly rm: number
}

/** The protocol with so many resource managers; under symmetry their names mean nothing. */
export function twoPhase(count: number, symmetry = false): Model<TwoPhaseState, TwoPhaseAction> {
  const actionsOf = (kind: TwoPhaseAction['kind']) => Array.from({ length: count }, (_, rm) => ({ kind, rm }))
  const received = actionsOf('TMRcvPrepared')
  const prepare = actionsOf('RMPrepare')
  const choose = actionsOf('RMChooseToAbort')
  const commit = actionsOf('RMRcvCommitMsg')
  const abort = actionsOf('RMRcvAbortMsg')
  const tmCommit = { kind: 'TMCommit', rm: -1 } as const
  const tmAbort = { kind: 'TMAbort', rm: -1 } as const

  function actions(state: TwoPhaseState): TwoPhaseAction[] {
    const { rms, tm } = state
    const enabled: TwoPhaseAction[] = []
    if (tm === 'init') {
      if (rms.every((rm) => rm.received)) enabled.push(tmCommit)
      enabled.push(tmAbort)
    }
    for (let i = 0; i < count; i++) {
      const rm = rms[i]!
      if (tm === 'init' && rm.sent) enabled.push(received[i]!)
      if (rm.state === 'working') enabled.push(prepare[i]!, choose[i]!)
      if (state.commit) enabled.push(commit[i]!)
      if (state.abort) enabled.push(abort[i]!)
    }
    return enabled
  }

  return {
    name: `TwoPhase(${count})${symmetry ? ' with symmetry' : ''}`,
    initial: () => [
      {
        rms: Array.from({ length: count }, () => ({ state: 'working', sent: false, received: false })),
        tm: 'init',
        commit: false,
        abort: false,
      },
    ],
    actions,
    next,
    properties: [
      always('no two resource managers decide differently', ({ rms }) => {
        return !(rms.some(({ state }) => state === 'committed') && rms.some(({ state }) => state === 'aborted'))
      }),
      sometimes('all commit', ({ rms }) => rms.every(({ state }) => state === 'committed')),
      sometimes('all abort', ({ rms }) => rms.every(({ state }) => state === 'aborted')),
    ],
    ...(symmetry && { canonical: sorted }),
  }
}

function next(state: TwoPhaseState, { kind, rm }: TwoPhaseAction): TwoPhaseState {
  if (kind === 'TMCommit') return { rms: state.rms, tm: 'committed', commit: true, abort: state.abort }
  if (kind === 'TMAbort') return { rms: state.rms, tm: 'aborted', commit: state.commit, abort: true }
  const { state: before, sent, received } = state.rms[rm]!
  switch (kind) {
    case 'TMRcvPrepared':
      return received ? state : withManager(state, rm, { state: before, sent, received: true })
    case 'RMPrepare':
      return withManager(state, rm, { state: 'prepared', sent: true, received })
    case 'RMChooseToAbort':
    case 'RMRcvAbortMsg':
      return before === 'aborted' ? state : withManager(state, rm, { state: 'aborted', sent, received })
    case 'RMRcvCommitMsg':
      return before === 'committed' ? state : withManager(state, rm, { state: 'committed', sent, received })
  }
}

function withManager({ rms, tm, commit, abort }: TwoPhaseState, index: number, manager: ResourceManager): TwoPhaseState {
  const managers = rms.slice()
  managers[index] = manager
  return { rms: managers, tm, commit, abort }
}

/** Everything that belongs to a resource manager is in one place, so that sorting is exact. */
function sorted(state: TwoPhaseState): TwoPhaseState {
  const key = ({ state: name, sent, received }: ResourceManager): string => `${name} ${sent} ${received}`
  return { ...state, rms: [...state.rms].sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0)) }
}
