/** What `millrace shrink` prints. */
import type { Replay, ShrunkRun } from '../search/index.js'
import { counterexampleText } from './counterexample-text.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'
import { counted } from './numbers.js'
import { plain, type Paint } from './paint.js'
import { counterexampleDocument } from './replay-document.js'

/** A run that was shrunk. */
export interface ShrinkReport {
  /** The smallest run, run again. */
  readonly replay: Replay
  readonly shrunk: ShrunkRun
  /** The sighting that remained, as `kindOf` names it. */
  readonly kind: string
  readonly interrupted: boolean
  /** The command that shows it again. */
  readonly command: string
  /** The file that holds it; absent where it is no violation. */
  readonly stored?: string
}

/** The block of the anomaly that remained, and how far it went. */
export function shrinkText(report: ShrinkReport, paint: Paint = plain): string[] {
  const { shrunk, command, stored, replay } = report
  const example = remaining(report)
  const { before, after, runs } = shrunk
  const told = example && { ...example, faultsBefore: before.faults }
  return [
    ...(told === undefined ? [] : counterexampleText(told, { replay: command, paint, ...(stored !== undefined && { stored }) })),
    '',
    `${sizes(before)} -> ${sizes(after)} in ${counted(runs, 'run')}: ${howFar(report)}`,
    ...(replay.traceHash === replay.traceHashAgain ? [] : [paint.bad(notTheSame(replay))]),
  ]
}

function notTheSame({ traceHash, traceHashAgain }: Replay): string {
  return `NOT DETERMINISTIC: trace hash ${traceHash}, ${traceHashAgain} when run again`
}

function sizes({ faults, records }: ShrunkRun['before']): string {
  return `${counted(faults, 'fault')}, ${counted(records, 'record')}`
}

function howFar({ shrunk, interrupted }: ShrinkReport): string {
  if (interrupted) return 'ended early, it may become smaller'
  return shrunk.complete ? 'nothing can be spared any more' : 'the budget is used up, it may become smaller (--runs)'
}

/** The document of `shrink --json`. */
export function shrinkDocument(report: ShrinkReport) {
  const { replay, shrunk, interrupted, command, stored } = report
  const { before, after, runs, complete } = shrunk
  const example = remaining(report)
  return {
    schema: DOCUMENT_SCHEMA,
    verdict: replay.verdict.verdict,
    scenario: replay.scenario,
    mode: replay.mode,
    seed: replay.seed,
    ...(example && {
      standing: example.standing,
      guarantee: example.guarantee,
      at: example.at,
      ...(example.sink !== undefined && { sink: example.sink }),
      anomaly: example.anomaly,
      rule: example.rule,
      message: example.message,
    }),
    before,
    after,
    runs,
    complete,
    interrupted,
    replay: replay.token,
    command,
    ...(stored !== undefined && { stored }),
    deterministic: replay.traceHash === replay.traceHashAgain,
    traceHash: replay.traceHash,
    ...(example && counterexampleDocument({ ...example, faultsBefore: before.faults })),
  }
}

function remaining({ replay, kind }: ShrinkReport): Replay['counterexamples'][number] | undefined {
  return replay.counterexamples.find(
    ({ standing, guarantee, at, sink, anomaly, rule }) => [standing, guarantee, at, sink ?? '', anomaly, rule].join('|') === kind,
  )
}
