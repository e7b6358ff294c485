import type { ClassFact } from './outcome-class.js'
import type { RecordedScenario } from './recorded-scenario.js'

/** A member that no class of a scenario has: the recording's own class with this member in place of its own is never simulated. */
export interface NeverShown {
  readonly fact: ClassFact
  readonly value: string
  readonly because: string
}

const SURVIVES: NeverShown = {
  fact: 'loss',
  value: 'yes',
  because:
    'sources go back to the offsets of the restored checkpoint, and all that sinks held of earlier records is in it or outside already',
}
const FLUSHED: NeverShown = {
  fact: 'loss',
  value: 'yes',
  because:
    'the buffer is flushed before the barrier goes on, so that a restored checkpoint never lies behind a record that was not written',
}
const CLOSED: NeverShown = {
  fact: 'loss',
  value: 'yes',
  because: 'a task that fails by an exception closes its producer, and closing flushes: what was buffered is written, only later',
}
const ONCE: NeverShown = {
  fact: 'duplicates',
  value: 'yes',
  because: 'transactions that no completed checkpoint holds are never committed, and a commit that is repeated changes nothing',
}
const EXACT: NeverShown = {
  fact: 'wrong counts',
  value: 'yes',
  because: 'barriers are aligned, so that counts and offsets of a checkpoint are of the same records',
}
const FROM_NOTHING: NeverShown = {
  fact: 'restored checkpoint',
  value: 'nothing, though one had completed',
  because: 'a restart takes the newest completed checkpoint, whatever failed',
}
const NOT_ALL_COMMITTED: NeverShown = {
  fact: 'committed before the failure',
  value: 'always',
  because: 'the committer fails before it has committed its own transaction of the checkpoint that is restored',
}
const STARTS_OVER: NeverShown = {
  fact: 'restored checkpoint',
  value: 'the newest completed',
  because: 'without checkpoints there is none',
}

const WRITTEN_AGAIN: NeverShown = {
  fact: 'duplicates',
  value: 'no',
  because: 'what the first job had committed stays, and the second one, which starts from nothing, writes it again',
}

/** Classes that a scenario never shows, with the reason. */
export function neverShown({ sink, guarantee, configuration, fault, second }: RecordedScenario): readonly NeverShown[] {
  const checkpoints = configuration['execution.checkpointing.interval'] !== undefined
  const aligned = checkpoints && configuration['execution.checkpointing.mode'] === 'EXACTLY_ONCE'
  const transactional = sink === '2pc' || sink === 'file' || (sink === 'kafka' && guarantee === 'EXACTLY_ONCE')
  const never: NeverShown[] = []
  if (sink === 'alo' || (sink === 'kafka' && guarantee === 'AT_LEAST_ONCE')) never.push(FLUSHED)
  else if (sink === 'kafka' && guarantee === 'NONE') never.push(CLOSED)
  else never.push(SURVIVES)
  if (second?.restore === false) never.push(WRITTEN_AGAIN)
  else if (aligned && transactional) never.push(ONCE)
  if (aligned && sink !== 'kafka') never.push(EXACT)
  if (second === undefined) never.push(checkpoints ? FROM_NOTHING : STARTS_OVER)
  if (fault?.point === 'commit-before') never.push(NOT_ALL_COMMITTED)
  return never
}
