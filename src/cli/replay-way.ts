/** `millrace replay` of a way that a check has found. */
import { InputError } from '../flink/index.js'
import { replayCommand, wayDocument, wayReportText } from '../report/index.js'
import { formatScope, parseWayToken, replayWay, type ReplayedWay, type StoredWay } from '../search/index.js'
import { chosenScenarios, scenarioNamed } from './chosen-cells.js'
import { EXIT, exitCodeOf } from './exit-codes.js'
import { jobOptionsOf } from './failure-store.js'
import { replayArgumentsOf, type JobOptions } from './job-options.js'
import type { Terminal } from './terminal.js'

/** Options of `replay` that are not for ways. */
interface WayOptions extends JobOptions {
  readonly history?: string
  readonly shrink?: true
  readonly json?: true
}

/** Goes the way twice and tells what it shows; returns the exit code. */
export async function replayOfWay(
  { token, stored }: { readonly token: string; readonly stored?: StoredWay },
  options: WayOptions,
  terminal: Terminal,
): Promise<number> {
  const way = parseWayToken(token)
  if (options.shrink === true)
    throw new InputError('--shrink', 'a way that a check has found is as short as any', 'replay without --shrink')
  if (options.history !== undefined)
    throw new InputError('--history', 'a way that a check has found has no times, and no history', 'replay without --history')
  const jobOptions = stored !== undefined && options.plan === undefined ? jobOptionsOf(stored) : options
  const { scenarios, job } = await chosenScenarios(jobOptions)
  const where = job === undefined ? 'replay token (for a job of your own give --plan as well)' : 'replay token'
  const scenario = scenarioNamed(scenarios, way.scenario, where)
  if (!scenario.modes.includes(way.mode))
    throw new InputError('replay token', `${scenario.name} does not run in mode ${way.mode}`, scenario.modes.join(', '))
  const replayed = replayWay(scenario, way)
  const context = { token, command: replayCommand(token, replayArgumentsOf(jobOptions)), scope: formatScope, ...(stored && { stored }) }
  if (options.json === true) terminal.document(wayDocument(replayed, context))
  else terminal.out(wayReportText(replayed, context, terminal.paint))
  return exitCodeOfWay(replayed)
}

function exitCodeOfWay({ deterministic, verdict }: ReplayedWay): number {
  return deterministic ? exitCodeOf(verdict) : EXIT.nondeterminism
}
