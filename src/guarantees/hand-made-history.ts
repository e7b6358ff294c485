import type { HistoryEvent, HistoryFact, HistoryHeader, Where } from '../history/index.js'
import { dispatching } from './dispatch.js'
import type { Finding } from './oracle.js'
import { protocolRules } from './protocol.js'

/** Hand-made histories for the tests of the oracles: a small job whose every line is known. */

/** Src (one split of eight records) -> Count (two subtasks, keys a and b) -> Sink with Committer, exactly-once, aligned. */
export const SMALL_JOB: HistoryHeader = {
  millrace: 'history',
  schema: 1,
  origin: 'recorded',
  scenario: 'hand-made',
  operators: [
    { name: 'Src', role: 'source', parallelism: 1, inputs: [] },
    { name: 'Count', role: 'operator', parallelism: 2, inputs: ['Src'], stateful: true },
    { name: 'Sink', role: 'sink', parallelism: 1, inputs: ['Count'], observed: ['external-store'] },
    { name: 'Committer', role: 'committer', parallelism: 1, inputs: ['Sink'] },
  ],
  splits: [{ vertex: 'Src', split: '0', records: 8 }],
  configuration: { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.attempts': '10' },
  mode: 'aligned',
  promises: [
    { guarantee: 'exactly-once', at: 'state' },
    { guarantee: 'exactly-once', at: 'external-store' },
  ],
}

/** The same, as the simulator tells it. */
export const SIMULATED_JOB: HistoryHeader = { ...SMALL_JOB, origin: 'simulated' }

/** Facts in order become events: `seq` from 1, one millisecond apart. */
export function events(facts: readonly HistoryFact[]): HistoryEvent[] {
  return facts.map((fact, index) => ({ ...fact, seq: index + 1, t: index * 1000 }))
}

/** What a rule of the protocol finds in a history, of all that are asked of it. */
export function foundBy(rule: string, header: HistoryHeader, facts: readonly HistoryFact[]): readonly Finding[] {
  const rules = protocolRules(header)
  events(facts).forEach(dispatching(rules.folds))
  return rules.findings().filter((finding) => finding.rule === rule)
}

/** The place of an operator's subtask in an attempt. */
export function at(vertex: string, subtask: number, attempt: number): Where {
  return { vertex, subtask, attempt }
}

/** What the small job knows at a moment, to write its facts without repeating everything. */
interface Story {
  readonly facts: HistoryFact[]
  attempt: number
  next: number
  counts: Record<string, number>
  transaction: string
  inTransaction: { id: string; key: string; count: number }[]
  readonly pending: { transaction: string; checkpoint: number; records: { id: string; key: string; count: number }[] }[]
  readonly visible: HistoryFact[]
  readonly snapshots: Map<number, { next: number; counts: Record<string, number> }>
}

const subtaskOf = (key: string): number => (key === 'a' ? 0 : 1)

/** A run that keeps every promise: eight records, checkpoints 1 to 3, and a failure after checkpoint 1 that replays two records. */
export function goodRun(): HistoryFact[] {
  const story = begin()
  start(story, undefined)
  records(story, 2)
  checkpoint(story, 1)
  records(story, 2)
  fail(story)
  start(story, 1)
  records(story, 4)
  checkpoint(story, 2)
  commitUpTo(story, 2)
  records(story, 2)
  endOfInput(story)
  checkpoint(story, 3)
  commitUpTo(story, 3)
  story.facts.push({ kind: 'job-status', status: 'FINISHED', job: 'j1' }, ...story.visible)
  return story.facts
}

function begin(): Story {
  const facts: HistoryFact[] = [
    { kind: 'job-status', status: 'CREATED', job: 'j1' },
    { kind: 'job-status', status: 'RUNNING', job: 'j1' },
  ]
  const snapshots = new Map<number, { next: number; counts: Record<string, number> }>()
  return { facts, attempt: -1, next: 0, counts: {}, transaction: '', inTransaction: [], pending: [], visible: [], snapshots }
}

function start(story: Story, restored: number | undefined): void {
  story.attempt++
  const snapshot = restored === undefined ? { next: 0, counts: {} } : story.snapshots.get(restored)
  const checkpoint = restored === undefined ? {} : { checkpoint: restored }
  story.next = snapshot?.next ?? 0
  story.counts = { ...snapshot?.counts }
  story.facts.push({ kind: 'restore-chosen', ...checkpoint }, { kind: 'restore', ...at('Committer', 0, story.attempt), ...checkpoint })
  if (restored !== undefined) commitUpTo(story, restored)
  story.facts.push({ kind: 'restore', ...at('Sink', 0, story.attempt), ...checkpoint })
  for (const subtask of [0, 1]) {
    const content = restored === undefined ? {} : { content: { counts: countsOf(story, subtask) } }
    story.facts.push({ kind: 'restore', ...at('Count', subtask, story.attempt), ...checkpoint, ...content })
  }
  const offsets = restored === undefined ? {} : { content: { offsets: [['0', story.next] as const] } }
  story.facts.push({ kind: 'restore', ...at('Src', 0, story.attempt), ...checkpoint, ...offsets })
  beginTransaction(story)
}

function beginTransaction(story: Story): void {
  story.transaction = `t${String(story.facts.length)}`
  story.inTransaction = []
  story.facts.push({ kind: 'transaction-begun', ...at('Sink', 0, story.attempt), transaction: story.transaction })
}

function countsOf(story: Story, subtask: number): (readonly [string, number])[] {
  return Object.entries(story.counts).filter(([key]) => subtaskOf(key) === subtask)
}

function records(story: Story, number: number): void {
  for (let index = 0; index < number; index++) {
    const offset = story.next++
    const id = `0:${String(offset)}`
    const key = offset % 2 === 0 ? 'a' : 'b'
    const count = (story.counts[key] ?? 0) + 1
    story.counts[key] = count
    story.inTransaction.push({ id, key, count })
    story.facts.push(
      { kind: 'source-emit', ...at('Src', 0, story.attempt), id, split: '0', offset, key },
      { kind: 'state-apply', ...at('Count', subtaskOf(key), story.attempt), id, key, count },
      { kind: 'sink-write', ...at('Sink', 0, story.attempt), id, key, count, transaction: story.transaction },
    )
  }
}

const SUBTASKS = [
  ['Src', 0],
  ['Count', 0],
  ['Count', 1],
  ['Sink', 0],
] as const

function checkpoint(story: Story, checkpoint: number): void {
  const { attempt, facts } = story
  story.snapshots.set(checkpoint, { next: story.next, counts: { ...story.counts } })
  facts.push({ kind: 'checkpoint-triggered', checkpoint })
  for (const [vertex, subtask] of SUBTASKS) {
    if (vertex === 'Sink') facts.push({ kind: 'pre-commit', ...at('Sink', 0, attempt), transaction: story.transaction })
    const held =
      vertex === 'Src' ? { offsets: [['0', story.next] as const] } : vertex === 'Count' ? { counts: countsOf(story, subtask) } : undefined
    const content = held === undefined ? {} : { content: held }
    facts.push({ kind: 'snapshot-taken', ...at(vertex, subtask, attempt), checkpoint, ...content })
    facts.push({ kind: 'snapshot-durable', ...at(vertex, subtask, attempt), checkpoint, ...content })
    facts.push({ kind: 'checkpoint-acknowledged', ...at(vertex, subtask, attempt), checkpoint, files: true })
  }
  story.pending.push({ transaction: story.transaction, checkpoint, records: story.inTransaction })
  beginTransaction(story)
  for (const [vertex, subtask] of SUBTASKS) facts.push({ kind: 'acknowledgement-accepted', ...at(vertex, subtask, attempt), checkpoint })
  facts.push({ kind: 'checkpoint-completed', checkpoint })
  for (const [vertex, subtask] of SUBTASKS) {
    facts.push({ kind: 'checkpoint-notified', ...at(vertex, subtask, attempt), checkpoint, outcome: 'complete' })
  }
}

function commitUpTo(story: Story, checkpoint: number): void {
  const where = at('Committer', 0, story.attempt)
  for (const entry of story.pending.splice(0)) {
    if (entry.checkpoint > checkpoint) {
      story.pending.push(entry)
      continue
    }
    const { transaction } = entry
    story.facts.push(
      { kind: 'commit-requested', ...where, transaction, retries: 0 },
      { kind: 'commit', ...where, transaction, result: 'applied' },
    )
    for (const record of entry.records)
      story.visible.push({ kind: 'visible', vertex: 'Sink', at: 'external-store', transaction, ...record })
  }
}

function fail(story: Story): void {
  story.facts.push(
    { kind: 'fault', fault: 'task-exception', point: 'process', target: 'Count/0' },
    { kind: 'failure', ...at('Count', 0, story.attempt), cause: 'injected' },
    { kind: 'job-status', status: 'RESTARTING', job: 'j1' },
    { kind: 'abort', ...at('Sink', 0, story.attempt), transaction: story.transaction, why: 'close' },
    { kind: 'restart', restarts: 1 },
    { kind: 'job-status', status: 'RUNNING', job: 'j1' },
  )
}

function endOfInput(story: Story): void {
  for (const subtask of [0, 1]) {
    story.facts.push({ kind: 'end-of-input', ...at('Count', subtask, story.attempt), content: { counts: countsOf(story, subtask) } })
  }
}
