/**
 * The asynchronous part of a snapshot (Flink: `AsyncCheckpointRunnable`): views of keyed state are written piece by piece while the
 * task goes on, large state is uploaded, and only when everything is durable the checkpoint is acknowledged.
 */
import type { FrequentFact } from '../../history/index.js'
import { refOf } from '../actor-types.js'
import type { StorageAnswer } from '../checkpoint/checkpoint-storage.js'
import { listsOf, sizeOf, type OperatorHandle, type OperatorSnapshot, type StateHandle } from '../checkpoint/state-handle.js'
import { MAIL_LANE, RPC_LANE, UPLOAD_LANE } from '../lanes.js'
import { releaseView, writePiece } from '../state/heap-keyed-state.js'
import { executionOf } from './task-deployment.js'
import { decline } from './task-report.js'
import type { Task } from './task.js'
import type { AsyncSnapshot } from './task-state.js'

/** Name of the timer that runs the next piece of the asynchronous part. */
export const ASYNC_TIMER = 'async-snapshot'
/** Keys written in one piece. */
const KEYS_PER_PIECE = 4

/** Starts the asynchronous part behind the synchronous one. */
export function beginAsyncSnapshot(task: Task, checkpoint: number, operators: OperatorSnapshot[]): void {
  const writing = operators.map((_, index) => index).filter((index) => task.state.operators[index]?.keyed)
  const handles = operators.map(() => null)
  task.state.snapshots.push({ checkpoint, operators, writing, handles, uploading: [], finished: task.state.finished })
  writeNextPiece(task)
}

/** A piece takes as long as an element, so that the task goes on handling elements between the pieces. */
function writeNextPiece({ context, vertex }: Task): void {
  context.timer(ASYNC_TIMER, vertex.workUs)
}

/** Runs one piece of every snapshot that is being written. */
export function advanceAsyncSnapshots(task: Task): void {
  // The list is replaced, never changed, when a snapshot ends.
  for (const snapshot of task.state.snapshots) advance(task, snapshot)
  for (const { writing } of task.state.snapshots) if (writing.length > 0) return writeNextPiece(task)
}

function advance(task: Task, snapshot: AsyncSnapshot): void {
  task.context.reach('task.snapshot.async.piece')
  if (task.context.fails('task.snapshot.async')) return giveUp(task, snapshot)
  const index = snapshot.writing[0]
  if (index !== undefined && writeView(task, snapshot, index)) snapshot.writing.shift()
  if (snapshot.writing.length === 0 && snapshot.uploading.length === 0) store(task, snapshot)
}

/** Writes a piece of one operator's keyed state; true when its view is through. */
function writeView(task: Task, snapshot: AsyncSnapshot, index: number): boolean {
  const keyed = task.state.operators[index]?.keyed
  const view = keyed?.views.find(({ checkpoint }) => checkpoint === snapshot.checkpoint)
  const operator = snapshot.operators[index]
  if (!keyed || view === undefined || operator === undefined) return true
  if (!writePiece(keyed, view, KEYS_PER_PIECE)) return false
  snapshot.operators[index] = { ...operator, keyed: { entries: view.written, timers: view.timers } }
  releaseView(keyed, snapshot.checkpoint)
  return true
}

/** Small state stays inside its handle; larger state goes to a file of its own. */
function store(task: Task, snapshot: AsyncSnapshot): void {
  const { inlineThresholdBytes, storage } = task.graph.configuration.checkpointing
  snapshot.operators.forEach((content, index) => {
    const uid = task.vertex.operators[index]?.uid ?? ''
    const bytes = sizeOf(content)
    if (storage === 'jobmanager' || bytes < inlineThresholdBytes) {
      snapshot.handles[index] = { uid, handle: { type: 'inline', bytes, content } }
      return
    }
    const path = statePath(task, snapshot.checkpoint, uid)
    snapshot.uploading.push({ path, operator: index })
    task.context.send(
      task.deployment.storage,
      { kind: 'put', replyTo: refOf(task.context.self), path, bytes, content: { type: 'state', state: content } },
      UPLOAD_LANE,
    )
  })
  acknowledgeWhenDurable(task, snapshot)
}

/** An upload ended: its handle is in, or the snapshot is given up. A file that an attempt left behind is never overwritten. */
export function takeUploadAnswer(task: Task, answer: StorageAnswer & { readonly type: 'put' }): void {
  const snapshot = task.state.snapshots.find(({ uploading }) => uploading.some(({ path }) => path === answer.path))
  const upload = snapshot?.uploading.find(({ path }) => path === answer.path)
  // Nobody waits for it any more: its deletion is on its way behind it.
  if (snapshot === undefined || upload === undefined) return
  if (answer.result !== 'done') return giveUp(task, snapshot)
  task.context.reach('snapshot.upload.durable')
  const content = snapshot.operators[upload.operator]
  const uid = task.vertex.operators[upload.operator]?.uid ?? ''
  if (content !== undefined) snapshot.handles[upload.operator] = { uid, handle: fileHandle(content, answer.path) }
  snapshot.uploading.splice(snapshot.uploading.indexOf(upload), 1)
  acknowledgeWhenDurable(task, snapshot)
}

function fileHandle(content: OperatorSnapshot, path: string): StateHandle {
  return { type: 'file', bytes: sizeOf(content), path, scope: 'exclusive', lists: listsOf(content.state), keyed: content.keyed !== null }
}

function acknowledgeWhenDurable(task: Task, snapshot: AsyncSnapshot): void {
  // The acknowledgement says that the state is durable: it waits for the last upload.
  if (snapshot.uploading.length > 0) return
  const { deployment, vertex, context } = task
  const { subtask, attempt, jobManager, jobMasterId } = deployment
  const handles: OperatorHandle[] = []
  let files = false
  for (const each of snapshot.handles) {
    if (each === null) continue
    handles.push(each)
    if (each.handle.type === 'file') files = true
  }
  const { checkpoint, finished } = snapshot
  forget(task, checkpoint)
  for (const { name } of vertex.operators) {
    const kind = 'checkpoint-acknowledged'
    if (files) context.record?.({ kind, vertex: name, subtask, attempt, checkpoint, files, seq: 0, t: 0 } satisfies FrequentFact)
    else context.record?.({ kind, vertex: name, subtask, attempt, checkpoint, seq: 0, t: 0 } satisfies FrequentFact)
  }
  const execution = executionOf(deployment)
  if (task.graph.configuration.checkpointing.localBackup === true) storeLocally(task, snapshot)
  context.send(
    jobManager,
    { kind: 'acknowledge', execution, jobMasterId, checkpoint, snapshot: { vertex: vertex.id, subtask, handles, finished } },
    RPC_LANE,
  )
  context.reach('checkpoint.ack.sent')
}

/** A copy of what was uploaded stays at the TaskManager: of keyed state only, as in Flink. */
function storeLocally({ vertex, deployment, context }: Task, { checkpoint, operators, handles }: AsyncSnapshot): void {
  const copies = operators.flatMap((snapshot, index) => {
    const handle = handles[index]
    const keyedOnly = snapshot.keyed !== null && snapshot.state.lists.length === 0
    return keyedOnly && handle?.handle.type === 'file' ? [{ uid: handle.uid, snapshot }] : []
  })
  if (copies.length === 0) return
  const { subtask, taskExecutor } = deployment
  context.send(
    taskExecutor,
    { kind: 'store-local-state', snapshot: { vertex: vertex.id, subtask, checkpoint, operators: copies } },
    MAIL_LANE,
  )
}

/** Whatever went wrong, the storage too, it is the asynchronous part that failed (Flink: `handleExecutionException`). */
function giveUp(task: Task, snapshot: AsyncSnapshot): void {
  cancelAsyncSnapshot(task, snapshot.checkpoint)
  decline(task, snapshot.checkpoint, 'CHECKPOINT_ASYNC_EXCEPTION')
}

/** Stops a snapshot whose checkpoint was aborted, and deletes what it has uploaded (it was never acknowledged). */
export function cancelAsyncSnapshot(task: Task, checkpoint: number): void {
  const snapshot = task.state.snapshots.find((running) => running.checkpoint === checkpoint)
  if (snapshot === undefined) return
  const paths = snapshot.handles.flatMap((handle) => (handle?.handle.type === 'file' ? [handle.handle.path] : []))
  paths.push(...snapshot.uploading.map(({ path }) => path))
  forget(task, checkpoint)
  if (paths.length > 0) task.context.send(task.deployment.storage, { kind: 'delete', replyTo: null, paths }, UPLOAD_LANE)
}

/** The task ends while snapshots are being written: what they have uploaded goes with it (Flink: `AsyncCheckpointRunnable.close`). */
export function cancelAsyncSnapshots(task: Task): void {
  for (const { checkpoint } of task.state.snapshots) cancelAsyncSnapshot(task, checkpoint)
}

function forget(task: Task, checkpoint: number): void {
  task.state.snapshots = task.state.snapshots.filter((snapshot) => snapshot.checkpoint !== checkpoint)
  for (const { keyed } of task.state.operators) if (keyed !== null) releaseView(keyed, checkpoint)
}

/** Flink: a random name under the checkpoint's exclusive directory; ours says whose it is, and is as unique. */
function statePath(task: Task, checkpoint: number, uid: string): string {
  const { subtask, attempt } = task.deployment
  return `chk-${String(checkpoint)}/${uid}-${String(subtask)}-${String(attempt)}`
}
