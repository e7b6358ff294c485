import type { Line, Recorded } from './recorded.js'
import {
  type Tampered,
  type Tampering,
  after,
  all,
  at,
  before,
  changed,
  firstJob,
  lastJob,
  middle,
  plus,
  replaced,
  without,
} from './tampering.js'

/** Changes of transactions: when they are committed, by whom, and with what. */

const isRequest = (line: Line): boolean => line.ev === 'commit_req'
const isCommit = (line: Line): boolean => line.ev === 'commit' || line.ev === 'recover_commit'

/** Transactions that are asked for once and applied: the request and the answer. */
function committedOnce({ lines }: Recorded): { readonly request: Line; readonly commit: Line }[] {
  const requests = new Map<string, Line[]>()
  const commits = new Map<string, Line[]>()
  for (const line of lines) {
    if (isRequest(line)) requests.set(line['txn'], [...(requests.get(line['txn']) ?? []), line])
    else if (isCommit(line)) commits.set(line['txn'], [...(commits.get(line['txn']) ?? []), line])
  }
  return [...requests].flatMap(([transaction, [request, ...more]]) => {
    const [commit, ...others] = commits.get(transaction) ?? []
    const once = request !== undefined && commit?.['result'] === 'applied' && more.length + others.length === 0
    return once ? [{ request, commit }] : []
  })
}

function commitTwice(recorded: Recorded): Tampered | undefined {
  const found = middle(committedOnce(recorded))
  if (found === undefined) return undefined
  const again = [at(found.request, found.commit), { ...found.commit }]
  return { lines: after(recorded.lines, found.commit, ...again), named: again }
}

function dropCommit(recorded: Recorded): Tampered | undefined {
  const found = middle(committedOnce(recorded))
  if (found === undefined) return undefined
  const { lines } = recorded
  const named = lines.filter((line) => line['txn'] === found.commit['txn'] && !isRequest(line) && !isCommit(line))
  return { lines: without(lines, found.request, found.commit), named }
}

/** The preparation of a transaction and the snapshot that it is in. */
function preparation({ lines }: Recorded, commit: Line): { readonly precommit: Line; readonly snapshot: Line } | undefined {
  const until = lines.slice(0, lines.indexOf(commit))
  const precommit = until.findLast((line) => line.ev === 'precommit' && line['txn'] === commit['txn'])
  const snapshot = precommit && snapshotOf(lines, precommit)
  return precommit && snapshot && { precommit, snapshot }
}

function snapshotOf(lines: readonly Line[], precommit: Line): Line | undefined {
  const { sub, att } = precommit as Record<string, unknown>
  return lines
    .slice(lines.indexOf(precommit))
    .find((line) => line.ev === 'snapshot' && line['op'] === 'Sink' && line['sub'] === sub && line['att'] === att)
}

/** Committed when it was pre-committed, as if nobody had waited for the checkpoint. */
function commitAtPreCommit(recorded: Recorded): Tampered | undefined {
  const found = middle(committedOnce(recorded))
  const prepared = found && preparation(recorded, found.commit)
  if (found === undefined || prepared === undefined) return undefined
  const early = [at(found.request, prepared.precommit), at(found.commit, prepared.precommit)]
  return { lines: after(without(recorded.lines, found.request, found.commit), prepared.precommit, ...early), named: early }
}

/** Committed after its own snapshot, but before the last one of its checkpoint. */
function commitBeforeCompletion(recorded: Recorded): Tampered | undefined {
  const found = middle(committedOnce(recorded))
  const prepared = found && preparation(recorded, found.commit)
  if (found === undefined || prepared === undefined) return undefined
  const early = [at(found.request, prepared.snapshot), at(found.commit, prepared.snapshot)]
  const { lines } = recorded
  const complete = lines.slice(lines.indexOf(prepared.snapshot)).find((line) => line.ev === 'log_cp_complete')
  // With one subtask or the last snapshot the import cannot tell it from a completion that was logged late.
  const trigger = lines.findLast((line) => line.ev === 'log_cp_trigger' && line['cp'] === complete?.['cp'])
  if (complete === undefined || trigger === undefined || complete['cp'] !== prepared.snapshot['cp']) return undefined
  if (prepared.snapshot.ms >= plus(trigger['triggerTs'], complete['durationMs'])) return undefined
  return { lines: after(without(lines, found.request, found.commit), prepared.snapshot, ...early), named: early }
}

function dropPreCommit(recorded: Recorded): Tampered | undefined {
  const found = middle(
    committedOnce(recorded).filter(({ commit }) =>
      recorded.lines.some((line) => line.ev === 'sink_write' && line['txn'] === commit['txn']),
    ),
  )
  const prepared = found && preparation(recorded, found.commit)
  if (found === undefined || prepared === undefined) return undefined
  return { lines: without(recorded.lines, prepared.precommit), named: [found.request, found.commit] }
}

function writeAfterPreCommit(recorded: Recorded): Tampered | undefined {
  const found = middle(committedOnce(recorded))
  const prepared = found && preparation(recorded, found.commit)
  if (found === undefined || prepared === undefined) return undefined
  const { lines } = recorded
  const written = lines
    .slice(lines.indexOf(prepared.precommit))
    .find((line) => line.ev === 'sink_write' && line['sub'] === prepared.precommit['sub'] && line['txn'] !== undefined)
  if (written === undefined) return undefined
  const late = changed(written, { txn: found.commit['txn'] })
  return { lines: replaced(lines, written, late), named: [late] }
}

/** The last transaction is committed when the input ends, without a checkpoint. */
function commitAtEnd(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const place = (line: Line | undefined): number => (line === undefined ? -1 : lines.indexOf(line))
  const found = committedOnce(recorded).findLast(({ commit, request }) => {
    const precommit = preparation(recorded, commit)?.precommit
    const mine = (line: Line): boolean => line['sub'] === request['sub'] && line['att'] === request['att']
    const end = lastJob(lines).find((line) => line.ev === 'sink_end' && mine(line))
    const before = all(lastJob(lines), 'commit_req').findLast((line) => mine(line) && place(line) < place(end))
    const complete = all(lastJob(lines), 'log_cp_complete').findLast((line) => place(line) < place(precommit))
    if (end === undefined || before === undefined || place(precommit) < place(end)) return false
    return preparation(recorded, before)?.snapshot['cp'] === complete?.['cp']
  })
  const precommit = found && preparation(recorded, found.commit)?.precommit
  if (found === undefined || precommit === undefined) return undefined
  const early = [at(found.request, precommit), at(found.commit, precommit)]
  return { lines: after(without(lines, found.request, found.commit), precommit, ...early), named: early }
}

/** A sink takes its snapshot with its transaction still open. */
function keepOpen({ lines }: Recorded): Tampered | undefined {
  const written = new Set(all(lines, 'sink_write').map((line) => line['txn']))
  const prepared = all(lines, 'precommit')
  const completes = (line: Line): boolean =>
    all(firstJob(lines), 'log_cp_complete').some((complete) => complete['cp'] === snapshotOf(lines, line)?.['cp'])
  const precommit = middle(all(firstJob(lines), 'precommit').filter((line) => written.has(line['txn']) && completes(line)))
  const snapshot = precommit && snapshotOf(lines, precommit)
  if (precommit === undefined || snapshot === undefined || prepared.length <= 4) return undefined
  return { lines: without(lines, precommit), named: [snapshot] }
}

function commitAborted(recorded: Recorded): Tampered | undefined {
  const abort = all(recorded.lines, 'abort')[0]
  if (abort === undefined) return undefined
  const like = recorded.lines.find(isRequest)
  if (like === undefined) return undefined
  const where = { sub: abort['sub'], att: abort['att'], txn: abort['txn'], ms: abort.ms }
  const commit: Line = { ev: 'commit', op: like['op'], result: 'applied', ...where }
  const request = changed(like, where)
  return { lines: after(recorded.lines, abort, request, commit), named: [request, commit] }
}

function abortCommitted(recorded: Recorded): Tampered | undefined {
  const found = middle(committedOnce(recorded))
  if (found === undefined) return undefined
  const { sub, att, txn } = found.commit as Record<string, unknown>
  const abort: Line = { ev: 'abort', ms: found.commit.ms, op: 'Sink', sub, att, txn, why: 'lingering', result: 'aborted' }
  return { lines: after(recorded.lines, found.commit, abort), named: [abort] }
}

/** What the restored checkpoint holds is never committed. */
function restoredCommits({ lines }: Recorded): { init: Line; mine: Line[]; rest: readonly Line[] } | undefined {
  const init = lines.findLast(
    (line) =>
      line.ev === 'init' &&
      line['restoredCp'] !== undefined &&
      (line['op'] === 'Committer' || line['op'] === 'Sink') &&
      commitsAfter(lines, line).length > 0,
  )
  return init && { init, mine: commitsAfter(lines, init), rest: lines }
}

/** Commits by a restored subtask before its writer's first record. */
function commitsAfter(lines: readonly Line[], init: Line): Line[] {
  const rest = lines.slice(lines.indexOf(init) + 1)
  const mine = rest.filter((line) => line['sub'] === init['sub'] && line['att'] === init['att'])
  const first = mine.findIndex((line) => line.ev === 'sink_write')
  return mine.slice(0, first < 0 ? 0 : first).filter((line) => isRequest(line) || isCommit(line))
}

function dropRestoredCommit(recorded: Recorded): Tampered | undefined {
  const found = restoredCommits(recorded)
  if (found === undefined) return undefined
  return { lines: without(recorded.lines, ...found.mine), named: initsOf(recorded, found.init) }
}

/** The initialisations of sink and committer in one subtask and attempt, and the first record written after them. */
function initsOf({ lines }: Recorded, init: Line): Line[] {
  const job = lines.slice(lines.slice(0, lines.indexOf(init)).findLastIndex((line) => line.ev === 'job_submit'))
  const mine = job.filter((line) => line['sub'] === init['sub'] && line['att'] === init['att'])
  return [...mine.filter((line) => line.ev === 'init'), ...mine.filter((line) => line.ev === 'sink_write').slice(0, 1)]
}

function commitRestoredLate(recorded: Recorded): Tampered | undefined {
  const found = restoredCommits(recorded)
  if (found === undefined) return undefined
  const { lines } = recorded
  const write = lines.slice(lines.indexOf(found.init)).find((line) => line.ev === 'sink_write' && line['sub'] === found.init['sub'])
  if (write === undefined || write['txn'] === undefined) return undefined
  const late = found.mine.map((line) => at(line, write))
  return { lines: after(without(lines, ...found.mine), write, ...late), named: [write, ...initsOf(recorded, found.init)] }
}

/** A transaction that recovery took back is committed nevertheless. */
function commitOfThePast(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const chosen = lines.findLast((line) => line.ev === 'log' && /^Restoring job \S+ from Checkpoint \d/.test(line['msg']))
  const cp = Number(/Checkpoint (\d+)/.exec(chosen?.['msg'] ?? '')?.[1])
  if (chosen === undefined) return undefined
  const until = lines.slice(0, lines.indexOf(chosen))
  const late = until.findLast((line) => line.ev === 'precommit' && (snapshotOf(lines, line)?.['cp'] ?? 0) > cp)
  // Only what the restored subtask itself had pre-committed is of the past; another region's transaction still counts.
  const init =
    late && lines.slice(lines.indexOf(chosen)).find((line) => line.ev === 'init' && line['op'] === 'Sink' && line['sub'] === late['sub'])
  const next = init && lines.slice(lines.indexOf(init)).find((line) => isRequest(line) && line['sub'] === late['sub'])
  if (late === undefined || next === undefined) return undefined
  const request = changed(next, { txn: late['txn'] })
  const commit: Line = {
    ev: 'commit',
    ms: next.ms,
    op: next['op'],
    sub: next['sub'],
    att: next['att'],
    txn: late['txn'],
    result: 'applied',
  }
  return { lines: before(lines, next, request, commit), named: [request, commit] }
}

/** A Kafka transaction that timed out: its commit fails and its records never come. */
function timeOut(recorded: Recorded): Tampered | undefined {
  const { lines } = recorded
  const found = middle(committedOnce(recorded).filter(() => lines.some((line) => line.ev === 'out_committed')))
  const prepared = found && preparation(recorded, found.commit)
  if (found === undefined || prepared === undefined) return undefined
  const failed = changed(found.commit, { result: 'failed-known' })
  const start = lines.findLastIndex(
    (line, index) => index < lines.indexOf(prepared.precommit) && line.ev === 'precommit' && line['sub'] === prepared.precommit['sub'],
  )
  const written = lines
    .slice(start + 1, lines.indexOf(prepared.precommit))
    .filter((line) => line.ev === 'sink_write' && line['sub'] === prepared.precommit['sub'])
  const gone = lines.filter((line) => line.ev === 'out_committed' && written.some((write) => write['id'] === line['id']))
  if (gone.length === 0) return undefined
  return { lines: without(replaced(lines, found.commit, failed), ...gone), named: written }
}

function answerUnknown(recorded: Recorded): Tampered | undefined {
  const last = lastJob(recorded.lines)
  // A job that was cancelled has nobody left who could ask again.
  if (!last.some((line) => line.ev === 'job_end' && line['status'] === 'SUCCEEDED')) return undefined
  const found = middle(committedOnce(recorded).filter(({ commit }) => last.includes(commit)))
  if (found === undefined) return undefined
  const open = changed(found.commit, { result: 'unknown' })
  return { lines: replaced(recorded.lines, found.commit, open), named: [open] }
}

export const TRANSACTION_TAMPERING: readonly Tampering[] = [
  { name: 'commit at the end of the input', rules: ['commit-after-completion'], apply: commitAtEnd },
  { name: 'take a snapshot with an open transaction', rules: ['pre-commit-at-snapshot'], apply: keepOpen },
  { name: 'commit twice', rules: ['commit-once', 'commit-applies-once'], apply: commitTwice },
  { name: 'drop a commit', rules: ['visible-only-committed'], apply: dropCommit },
  { name: 'commit at pre-commit', rules: ['commit-after-completion'], apply: commitAtPreCommit },
  { name: 'commit before completion', rules: ['commit-after-completion'], apply: commitBeforeCompletion },
  { name: 'lose a pre-commit', rules: ['commit-after-pre-commit'], apply: dropPreCommit },
  { name: 'write after the pre-commit', rules: ['no-write-after-pre-commit'], apply: writeAfterPreCommit },
  { name: 'commit an aborted transaction', rules: ['commit-xor-abort'], apply: commitAborted },
  { name: 'abort a committed transaction', rules: ['commit-xor-abort'], apply: abortCommitted },
  { name: 'drop the commit of restored committables', rules: ['restored-committables-first'], apply: dropRestoredCommit },
  { name: 'commit restored committables after the first write', rules: ['restored-committables-first'], apply: commitRestoredLate },
  {
    name: 'commit a transaction of the past',
    rules: ['commit-of-the-past', 'commit-after-completion', 'commit-xor-abort'],
    apply: commitOfThePast,
  },
  { name: 'time out a transaction', rules: ['output-at-least-once'], apply: timeOut },
  { name: 'leave an answer open', rules: ['unknown-commit-is-repeated'], apply: answerUnknown },
]
