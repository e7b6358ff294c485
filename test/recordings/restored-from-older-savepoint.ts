import type { Line, Recorded } from '../tampering/recorded.js'

/**
 * A recording in which nothing failed becomes one of two jobs: checkpoint `savepoint` turns into a plain savepoint, which commits
 * nothing; the first job is cancelled after checkpoint `last` completed; the second starts from the savepoint and does again, in the
 * same order and under other names of transactions, what the recorded job did behind that barrier.
 */
export function restoredFromOlderSavepoint({ lines }: Recorded, savepoint: number, last: number): Line[] {
  const cut = lines.findIndex((line) => line.ev === 'log_cp_trigger' && line['cp'] === last + 1)
  const end = lines.findIndex((line) => line.ev === 'job_state' && line['to'] === 'FINISHED')
  const first = withPlainSavepoint(lines.slice(0, cut), savepoint)
  const behind = new Set(linesBehind(lines.slice(0, end), savepoint))
  const again = lines
    .slice(0, end)
    .filter((line) => behind.has(line))
    .map((line) => ofSecondJob(line))
  const outputs = lines.slice(end).filter((line) => line.ev === 'out')
  return [
    ...first,
    ...cancelled(lines, cut),
    ...startOfSecondJob(lines, savepoint),
    ...again,
    { ev: 'job_state', ms: LATER, from: 'RUNNING', to: 'FINISHED' },
    { ev: 'job_end', ms: LATER, nth: 2, status: 'SUCCEEDED' },
    ...outputs.filter((line) => checkpointOf(lines, line['txn']) <= last),
    ...outputs.filter((line) => checkpointOf(lines, line['txn']) > savepoint).map(ofSecondJob),
  ]
}

/** Clocks only need to go on: the second job runs an hour later. */
const HOUR = 3_600_000
const LATER = 1e13

function cancelled(lines: readonly Line[], cut: number): Line[] {
  const ms = lines[cut]?.ms ?? 0
  return [
    { ev: 'cancel', ms },
    { ev: 'job_state', ms, from: 'RUNNING', to: 'CANCELLING' },
    { ev: 'job_state', ms, from: 'CANCELLING', to: 'CANCELED' },
    { ev: 'job_end', ms, nth: 1, status: 'CANCELED' },
  ]
}

/** The checkpoint becomes a savepoint: nobody is told that it completed, and its transactions wait for the next one. */
function withPlainSavepoint(lines: readonly Line[], savepoint: number): Line[] {
  const of = (ev: string) => lines.find((line) => line.ev === ev && line['cp'] === savepoint)
  const trigger = of('log_cp_trigger')
  const complete = of('log_cp_complete')
  const next = lines.find((line) => line.ev === 'log_cp_complete' && line['cp'] === savepoint + 1)
  const told = (line: Line): boolean => /^(notify|coord)_complete$/.test(line.ev) && line['cp'] === savepoint
  const commits = lines.filter((line) => isCommit(line) && checkpointOf(lines, line['txn']) === savepoint)
  const kept = lines.filter((line) => !told(line) && !commits.includes(line))
  return kept.flatMap((line) => {
    if (line === trigger)
      return [
        { ev: 'trigger_savepoint', ms: line.ms },
        { ...line, type: "SavepointType{name='Savepoint', postCheckpointAction=NONE, formatType=CANONICAL}" },
      ]
    if (line === complete) return [line, { ev: 'savepoint_done', ms: line.ms, path: 'sp' }]
    return line === next ? [line, ...commits.map((commit) => ({ ...commit, ms: line.ms }))] : [line]
  })
}

function isCommit(line: Line): boolean {
  return line.ev === 'commit_req' || line.ev === 'commit'
}

/** The checkpoint that a transaction belongs to: its writer's next snapshot after the pre-commit. */
function checkpointOf(lines: readonly Line[], transaction: string): number {
  const precommit = lines.findIndex((line) => line.ev === 'precommit' && line['txn'] === transaction)
  const sub = lines[precommit]?.['sub']
  return lines.slice(precommit).find((line) => line.ev === 'snapshot' && line['op'] === 'Sink' && line['sub'] === sub)?.['cp'] ?? Infinity
}

/** What each subtask did after its snapshot, and what the coordinator did with later checkpoints. */
function linesBehind(lines: readonly Line[], savepoint: number): Line[] {
  const passed = new Set<string>()
  return lines.filter((line) => {
    const subtask = `${line['op'] === 'Committer' ? 'Sink' : line['op']}/${line['sub']}`
    if (line.ev === 'snapshot' && line['cp'] === savepoint) passed.add(subtask)
    if (line['cp'] !== undefined) return line['cp'] > savepoint
    if (isCommit(line)) return checkpointOf(lines, line['txn']) > savepoint
    return line['op'] !== undefined && line.ev !== 'init' && passed.has(subtask)
  })
}

function ofSecondJob(line: Line): Line {
  return {
    ...line,
    ms: line.ms + HOUR,
    ...(line['txn'] === undefined ? {} : { txn: `again-${line['txn']}` }),
    ...(line['inc'] === undefined ? {} : { inc: Number(line['inc']) + 1 }),
    ...(line['triggerTs'] === undefined ? {} : { triggerTs: Number(line['triggerTs']) + HOUR }),
  }
}

function startOfSecondJob(lines: readonly Line[], savepoint: number): Line[] {
  const snapshots = lines.filter((line) => line.ev === 'snapshot' && line['cp'] === savepoint)
  const ms = (snapshots[0]?.ms ?? 0) + HOUR
  const log = (msg: string): Line => ({ ev: 'log', ms, logger: 'CheckpointCoordinator', level: 'INFO', msg })
  const restored = snapshots.flatMap((line): Line[] => {
    const { op, sub } = line as Record<string, unknown>
    if (op === 'Count') return [{ ev: 'init', ms, op, sub, par: 2, att: 0, restored: true, restoredCp: savepoint, state: line['state'] }]
    if (op === 'Sink')
      return [...recommitted(lines, sub, savepoint, ms), { ev: 'init', ms, op, sub, par: 2, att: 0, restored: true, restoredCp: savepoint }]
    const splits = `[${Object.entries(line['state'])
      .map(([split, next]) => `${split}@${String(next)}`)
      .join(', ')}]`
    return ['reader_add', 'reader_start'].map((ev) => ({ ev, ms, op, sub, inc: 2, splits }))
  })
  return [
    { ev: 'job_submit', ms, nth: 2, job: 'second', par: 2, restorePath: 'sp' },
    log('No checkpoint found during restore.'),
    log(`Restoring job second from Savepoint ${savepoint} @ 0 for second located at file:/sp.`),
    { ev: 'job_state', ms, from: 'CREATED', to: 'RUNNING' },
    ...restored,
  ]
}

function recommitted(lines: readonly Line[], sub: unknown, savepoint: number, ms: number): Line[] {
  const held = lines.filter((line) => line.ev === 'commit' && line['sub'] === sub && checkpointOf(lines, line['txn']) === savepoint)
  const where = { ms, op: 'Committer', sub, att: 0 }
  return [
    { ev: 'init', ...where, restoredCp: savepoint },
    ...held.flatMap(({ txn }): Line[] => [
      { ev: 'commit_req', ...where, txn, retries: 0 },
      { ev: 'commit', ...where, txn, result: 'already' },
    ]),
  ]
}
