/** `millrace list`: what there is to run, to break and to claim. */
import { Argument, type Command } from 'commander'
import type { Fault } from '../faults/index.js'
import { ANOMALIES, GUARANTEES } from '../guarantees/index.js'
import { InputError } from '../flink/index.js'
import { DOCUMENT_SCHEMA, textTable } from '../report/index.js'
import { failpointCatalogue, type Scenario } from '../search/index.js'
import { LAST_RESULTS, listCells } from './cells-list.js'
import { EXIT } from './exit-codes.js'
import { loadScenarios } from './scenario-source.js'
import type { Terminal } from './terminal.js'

const SUBJECTS = ['scenarios', 'faults', 'failpoints', 'guarantees'] as const
type Subject = (typeof SUBJECTS)[number]

/** Adds the verb. */
export function addListCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  program
    .command('list')
    .description('show scenarios, kinds of faults, failpoints and guarantees, or the fault matrix of a campaign')
    .addArgument(new Argument('[what]', 'one of these only').choices([...SUBJECTS, 'cells']))
    .option('--from <file>', `with cells: results of a campaign (default ${LAST_RESULTS})`)
    .option('--json', 'print one JSON document')
    .action((what: Subject | 'cells' | undefined, { json, from }: { readonly json?: true; readonly from?: string }) => {
      if (what === 'cells') {
        listCells(from ?? LAST_RESULTS, json === true, terminal)
        return done(EXIT.holds)
      }
      if (from !== undefined) throw new InputError(`--from ${from}`, 'only cells are read from a file', 'millrace list cells --from FILE')
      const subjects = what === undefined ? SUBJECTS : [what]
      if (json === true)
        terminal.document({ schema: DOCUMENT_SCHEMA, ...Object.fromEntries(subjects.map((subject) => [subject, LISTS[subject]()])) })
      else terminal.out(subjects.flatMap((subject, i) => [...(i === 0 ? [] : ['']), ...linesOf(subject, terminal)]))
      done(EXIT.holds)
    })
}

type Row = Readonly<Record<string, unknown>>

const LISTS: Readonly<Record<Subject, () => readonly Row[]>> = {
  scenarios: () => loadScenarios(undefined).map(scenarioRow),
  faults: () => Object.entries(FAULTS).map(([kind, about]) => ({ kind, about })),
  failpoints: () => failpointCatalogue.map(({ name, kind, role, about }) => ({ name, fault: kind, role, about })),
  guarantees: () => [
    ...GUARANTEES.map((name) => ({ name, kind: 'guarantee', about: `refuted by ${refutedBy(name)}` })),
    ...Object.entries(ANOMALIES).map(([name, { meaning, refutes: refuted }]) => ({
      name,
      kind: 'anomaly',
      about: `${meaning}${refuted.length === 0 ? '' : `; refutes ${refuted.join(', ')}`}`,
    })),
  ],
}

function scenarioRow(scenario: Scenario): Row {
  const { name, about, modes } = scenario
  const claims = modes.map((mode) => [mode, scenario.claims(mode).map(({ guarantee, at }) => `${guarantee}@${at}`)])
  return { name, about, modes, claims: Object.fromEntries(claims) }
}

function refutedBy(guarantee: (typeof GUARANTEES)[number]): string {
  const names = Object.entries(ANOMALIES).filter(([, { refutes: refuted }]) => refuted.includes(guarantee))
  return names.map(([name]) => name).join(', ')
}

/** The kinds of faults; the compiler sees to it that none is missing. */
const FAULTS: Readonly<Record<Fault['kind'], string>> = {
  crash: 'a process dies at a time or at a named step, none of its code runs, and it starts again after a while',
  'host-loss':
    'as a crash, and the host is lost with the process: what it had sent and nobody has received yet is lost, and it starts again on another one',
  exception: 'user code throws: the task closes its operators in order and fails',
  hang: 'user code hangs while its task is cancelled, until the watchdog kills the TaskManager, which starts again after a while',
  call: 'a call to a durable system fails, or its answer is lost after it was done, or before; or it is done after a while',
  rpc: 'one remote procedure call is lost or late: the trigger of a checkpoint, its acknowledgement, its notification',
  detour: 'one remote procedure call arrives twice, or is overtaken by those behind it',
  slow: 'all messages to and from a process take longer for a while',
  skew: 'the clock of a process is ahead or behind from a time on; its timers go on as they do',
  ties: 'messages and timers are due at multiples of a time only, and what is due at once comes in any order; a schedule that looks for races',
  haste: 'the first checkpoint behind each restart begins early; a schedule that looks for checkpoints during recoveries',
  calm: 'a stability window: nothing strikes for a while, so that the protocol gets far',
  partition: 'a process is cut off from others for a while, in both directions or in one; it notices by its heartbeats only',
  pause: 'a process stops for a while and goes on as if nothing had been',
  disconnect: 'the connection between two TaskManagers, or between one and an outside system, breaks, with all that is on it',
}

function linesOf(subject: Subject, terminal: Terminal): string[] {
  const rows = LISTS[subject]()
  const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== 'claims')
  return textTable(
    columns.map((column, i) => ({ heading: i === 0 ? subject : column })),
    rows.map((row) => columns.map((column) => shown(row[column]))),
    terminal.paint.bold,
  )
}

function shown(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value)
}
