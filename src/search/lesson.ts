/**
 * The smallest run that tells two checkpointing modes apart: the same records, the same choices, the same fault; in one mode a record is
 * counted twice, in the other none is. It is looked for each time it is told, with one record more as long as none shows it.
 */
import type { FaultPlan } from '../faults/index.js'
import type { HistoryEvent, RecordId } from '../history/index.js'
import { runExperiment, type ExperimentResult } from './experiment.js'
import { planInWords } from './plan-in-words.js'
import { RecordNames } from './record-names.js'
import type { Mode, Scenario } from './scenario.js'

/** How a record stands to the barrier of its channel. */
export type BehindBarrier = 'overtook-snapshot' | 'waited'

/** One of the two runs. */
export interface LessonRun {
  readonly mode: Mode
  /** From the trigger of the checkpoint on that is restored later. */
  readonly events: readonly HistoryEvent[]
  readonly names: ReadonlyMap<RecordId, string>
  /** Absorbed records that came behind the barrier of that checkpoint, by the `seq` of the event. */
  readonly behind: ReadonlyMap<number, BehindBarrier>
  /** What the state has counted in the end, all keys together. */
  readonly counted: number
  /** Names of the records that were counted twice. */
  readonly twice: readonly string[]
}

/** Both runs. */
export interface Lesson {
  /** Records of each source, and in all. */
  readonly perSource: number
  readonly records: number
  readonly seed: string
  /** Runs until it was found. */
  readonly tries: number
  readonly plan: readonly string[]
  readonly loose: LessonRun
  readonly strict: LessonRun
}

/** A task fails as soon as it hears that the first checkpoint is complete: the job goes back to it. */
const PLAN: FaultPlan = [{ kind: 'exception', point: 'task.notify-complete', nth: 1 }]

const MOST_RECORDS = 20
const SEEDS = 60

/** Looks for the smallest run of a scenario that is made with so many records of each source; undefined when none shows it. */
export function findLesson(scenarioOf: (records: number) => Scenario): Lesson | undefined {
  let tries = 0
  for (let perSource = 1; perSource <= MOST_RECORDS; perSource++) {
    const scenario = scenarioOf(perSource)
    const run = (mode: Mode, seed: string): ExperimentResult => {
      tries++
      return runExperiment({ scenario, mode, seed, plan: PLAN, restores: false }, { keepHistory: true })
    }
    for (let number = 0; number < SEEDS; number++) {
      const seed = `lesson-${String(number)}`
      const loose = run('at-least-once', seed)
      if (twiceIn(loose).length === 0) continue
      const strict = run('aligned', seed)
      if (strict.status !== 'FINISHED' || twiceIn(strict).length > 0) continue
      const records = loose.header.splits?.reduce((sum, split) => sum + split.records, 0) ?? 0
      const runs = { loose: lessonRun(loose, 'at-least-once'), strict: lessonRun(strict, 'aligned') }
      return { perSource, records, seed, tries, plan: planInWords(PLAN), ...runs }
    }
  }
  return undefined
}

/** Records that the state has absorbed twice, in a job that finished. */
function twiceIn({ verdict, status }: ExperimentResult): readonly RecordId[] {
  const state = status === 'FINISHED' ? verdict?.points.find(({ at }) => at === 'state') : undefined
  return state?.findings.find(({ anomaly, records }) => anomaly === 'duplicated' && records.length > 0)?.records ?? []
}

function lessonRun(result: ExperimentResult, mode: Mode): LessonRun {
  const { history } = result
  const names = new RecordNames(history)
  const named = new Map(
    history.flatMap((event) => (event.kind === 'source-emit' ? [[event.id, `${event.split}:${String(event.offset)}`]] : [])),
  )
  const restored = history.findLast((event) => event.kind === 'restore-chosen')
  const checkpoint = restored?.kind === 'restore-chosen' ? restored.checkpoint : undefined
  const from = history.findIndex((event) => event.kind === 'checkpoint-triggered' && event.checkpoint === checkpoint)
  const counts = history.flatMap((event) => (event.kind === 'state-apply' && event.count !== undefined ? [event.count] : []))
  return {
    mode,
    events: history.slice(Math.max(0, from)),
    names: named,
    behind: behindBarrier(history, checkpoint ?? 0),
    counted: counts.at(-1) ?? 0,
    twice: twiceIn(result).map((id) => named.get(id) ?? names.of(id)),
  }
}

/** Records that their source sent behind the barrier of a checkpoint: whether the snapshot came first. */
function behindBarrier(history: readonly HistoryEvent[], checkpoint: number): ReadonlyMap<number, BehindBarrier> {
  const passed = new Set<string>()
  const late = new Set<RecordId>()
  const behind = new Map<number, BehindBarrier>()
  for (const event of history) {
    if (event.kind === 'restore-chosen' && event.checkpoint === checkpoint) break
    if (event.kind === 'snapshot-taken' && event.checkpoint === checkpoint) passed.add(`${event.vertex} ${String(event.subtask)}`)
    else if (event.kind === 'source-emit' && passed.has(`${event.vertex} ${String(event.subtask)}`)) late.add(event.id)
    else if (event.kind === 'state-apply' && late.has(event.id)) {
      behind.set(event.seq, passed.has(`${event.vertex} ${String(event.subtask)}`) ? 'waited' : 'overtook-snapshot')
    }
  }
  return behind
}
