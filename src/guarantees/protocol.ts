import type { HistoryHeader } from '../history/index.js'
import { fold, type Fold } from './dispatch.js'
import type { Finding, Oracle } from './oracle.js'
import { outputValues } from './output-values.js'
import { acknowledgements } from './protocol-acknowledgements.js'
import { checkpointFiles } from './checkpoint-files.js'
import { leakedFiles } from './leaked-files.js'
import { leakedTransactions } from './leaked-transactions.js'
import { checkpointIds } from './protocol-checkpoint-ids.js'
import { checkpointOutcome } from './protocol-checkpoint-outcome.js'
import { completion } from './protocol-completion.js'
import { concurrentCheckpoints } from './protocol-concurrent-checkpoints.js'
import { ends } from './protocol-ends.js'
import { notifications } from './protocol-notifications.js'
import { preCommits } from './protocol-pre-commits.js'
import { recovery } from './protocol-recovery.js'
import { snapshotOrder } from './protocol-snapshots.js'
import { sourceOffsets } from './protocol-sources.js'
import { boundedRestarts } from './restarts.js'
import { restoredContents } from './restored-content.js'
import { unrestored } from './protocol-unrestored.js'
import { timers } from './protocol-timers.js'
import { watermarks } from './protocol-watermarks.js'
import { snapshotContents } from './snapshot-content.js'

/** The rules of the protocol that keep a state of their own, side by side; each wants only the kinds of events that it names. */
export interface ProtocolRules {
  readonly folds: readonly Fold[]
  findings(): Finding[]
}

interface Running {
  readonly fold: Fold
  findings(): readonly Finding[]
}

/** Starts all rules on one history. */
export function protocolRules(header: HistoryHeader): ProtocolRules {
  const rules = [
    start(checkpointIds, header),
    start(checkpointOutcome, header),
    start(snapshotOrder, header),
    start(acknowledgements, header),
    start(completion, header),
    start(notifications, header),
    start(recovery, header),
    start(sourceOffsets, header),
    start(ends, header),
    start(preCommits, header),
    start(snapshotContents, header),
    start(restoredContents, header),
    start(outputValues, header),
    start(checkpointFiles, header),
    start(leakedFiles, header),
    start(leakedTransactions, header),
    start(timers, header),
    start(watermarks, header),
    start(boundedRestarts, header),
    ...(header.origin === 'recorded' ? [start(concurrentCheckpoints, header), start(unrestored, header)] : []),
  ]
  return { folds: rules.map((rule) => rule.fold), findings: () => rules.flatMap((rule) => rule.findings()) }
}

function start<S>(oracle: Oracle<S>, header: HistoryHeader): Running {
  const state = oracle.init(header)
  return {
    fold: fold(oracle.step, state),
    findings: () => oracle.verdict(state).findings,
  }
}
