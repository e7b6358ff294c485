/** What `millrace explain` prints of a failing run: its block, a picture of its causes, and how likely the violation was at each step. */
import type { HistoryEvent } from '../history/index.js'
import type { Counterexample, ExplainedRun, Probe } from '../search/index.js'
import { counterexampleText } from './counterexample-text.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'
import { eventInWords } from './event-in-words.js'
import { laneChart } from './lane-chart.js'
import { counted } from './numbers.js'
import { plain, type Paint } from './paint.js'
import { counterexampleDocument } from './replay-document.js'

/** The lines for a terminal. `command` is the command that replays the run. */
export function explanationText(run: ExplainedRun, command: string, paint: Paint = plain): string[] {
  const { counterexample, scenario, mode, seed, others } = run
  if (counterexample === undefined) {
    return [
      `scenario ${scenario}   mode ${mode}   seed ${seed}`,
      paint.good('nothing is wrong with this run: there is nothing to be explained'),
    ]
  }
  return [
    ...counterexampleText(counterexample, { replay: command, paint }),
    '',
    ...pictureOf(counterexample, paint),
    ...curveOf(counterexample),
    ...others.map((other) => `also  ${other}`),
  ]
}

/** The document of `--json`. */
export function explanationDocument(run: ExplainedRun, command: string) {
  const { token, scenario, mode, seed, traceHash, counterexample, others } = run
  const head = { schema: DOCUMENT_SCHEMA, scenario, mode, seed, replay: token, command, traceHash, others }
  if (counterexample === undefined) return { ...head, violation: null }
  const { standing, guarantee, at, sink, anomaly, rule, message } = counterexample
  const what = { standing, guarantee, at, ...(sink !== undefined && { sink }), anomaly, rule, message }
  return { ...head, violation: { ...what, ...counterexampleDocument(counterexample) } }
}

function pictureOf({ events, names }: Counterexample, paint: Paint): string[] {
  if (events.length === 0) return []
  const lanes = [...new Set(events.map(laneOf))].sort((a, b) => place(a) - place(b))
  const rows = events.map((event) => ({
    timeUs: event.t,
    lane: laneOf(event),
    words: eventInWords(event, (id) => names.get(id) ?? `record ${String(id)}`),
    struck: event.kind === 'fault',
  }))
  return [...laneChart(lanes, rows, paint).map((line) => `  ${line}`), '']
}

const COORDINATOR = 'coordinator'
const FAULTS = 'faults'
const OUTSIDE = 'outside'

function place(lane: string): number {
  if (lane === FAULTS) return 0
  if (lane === COORDINATOR) return 1
  return lane.startsWith('Source: ') ? 2 : lane === OUTSIDE ? 4 : 3
}

function laneOf(event: HistoryEvent): string {
  if (event.kind === 'fault') return FAULTS
  if (event.kind === 'visible') return OUTSIDE
  return 'subtask' in event && event.subtask >= 0 ? `${event.vertex} ${String(event.subtask + 1)}` : COORDINATOR
}

/** How often forks showed the violation, from the first step to the last. */
function curveOf({ explanation }: Counterexample): string[] {
  const probes = explanation?.certain?.probes ?? []
  if (probes.length === 0 || explanation === undefined) return []
  const forks = probes.reduce((sum, probe) => sum + probe.forks, 0)
  const tries = counted(explanation.tries - forks, 'run')
  return [
    '  P(violation | steps so far), by forks with fresh choices in which nothing more goes wrong',
    ...probes.map(
      (probe) => `    step ${String(probe.step).padStart(6)}  ${bar(probe)}  ${String(probe.shown).padStart(3)} of ${String(probe.forks)}`,
    ),
    `  found by ${counted(forks, 'fork')} and ${tries} without single events`,
  ]
}

const BAR = 20

function bar({ shown, forks }: Probe): string {
  const full = Math.round((BAR * shown) / forks)
  return '█'.repeat(full) + '·'.repeat(BAR - full)
}
