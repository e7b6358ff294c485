/** `millrace check`: explores all behaviours of a scenario within a scope. */
import { setImmediate } from 'node:timers/promises'
import type { Command } from 'commander'
import { InputError } from '../flink/index.js'
import { MOST_WORKERS } from '../check/index.js'
import { checkDocument, checkText, grouped, replayCommand } from '../report/index.js'
import {
  aboutReduction,
  checkingScopes,
  formatScope,
  MODES,
  parseReductions,
  parseScope,
  REDUCTIONS,
  SCOPE_KEYS,
  scopeOf,
  scopesUpTo,
  usualReductions,
  type Mode,
  type ReductionName,
  type Saving,
  type ScenarioSource,
  type ScopeCrew,
  type Scenario,
  type Scope,
  type Slices,
} from '../search/index.js'
import { chosenScenarios, modeNamed, scenarioNamed } from './chosen-cells.js'
import { exitCodeOfCheck } from './exit-codes.js'
import { untilInterrupted } from './interrupt.js'
import { addJobOptions, collect, replayArgumentsOf, type JobOptions } from './job-options.js'
import { positiveNumber, wholeNumber } from './option-values.js'
import { checkDirectory, checkWritableFile } from './output-directory.js'
import { packageVersion } from './package-version.js'
import { ProgressLine } from './progress-line.js'
import type { Terminal } from './terminal.js'
import { storeWay } from './way-store.js'

interface CheckOptions extends JobOptions {
  readonly mode?: string
  readonly scope?: readonly string[]
  readonly deepen?: true
  readonly reduce?: string
  readonly memory: number
  readonly seconds?: number
  readonly states?: number
  readonly save?: string
  readonly exact?: true
  readonly seed2?: true
  readonly liveness?: true
  readonly workers: number
  readonly failures: string
  readonly json?: true
}

/** Megabytes that a check takes at most unless it is said otherwise. */
const USUAL_MEMORY = 3000

const SAVED_EVERY_SECONDS = 60

/** Adds the verb. */
export function addCheckCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  const command = program
    .command('check')
    .description('explore all behaviours of a scenario within a scope: every order of messages, every point at which a fault may strike')
    .argument('<scenario>', 'the name of a scenario, as `millrace list scenarios` shows it')
    .option('--mode <mode>', `${MODES.join(', ')}; the first one that the scenario has`)
    .option('--scope <scope>', `how much: key=number,… with ${SCOPE_KEYS.join(', ')}; repeatable`, collect)
    .option('--deepen', 'all scopes from the smallest one up to that of --scope, until one is too large')
    .option('--reduce <names>', `what may be left out: none, or some of ${REDUCTIONS.map(({ name }) => name).join(', ')}`)
    .option('--memory <MB>', 'end when the process takes so much', wholeNumber('--memory'), USUAL_MEMORY)
    .option('--seconds <s>', 'end after so many seconds', positiveNumber('--seconds'))
    .option('--states <n>', 'end after so many states, in each scope', wholeNumber('--states'))
    .option(
      '--workers <n>',
      'threads that explore together, with the same result for any number of them',
      wholeNumber('--workers', MOST_WORKERS),
      1,
    )
    .option('--save <file>', 'save now and then what was explored, and go on from there when the file exists')
    .option('--exact', 'compare whole states in place of fingerprints; for small scopes')
    .option('--seed2', 'everything twice, with other fingerprints: the counts must be the same')
    .option('--liveness', 'keep every step, and say whether every way ends; takes about twice the memory')
    .option('--failures <directory>', 'where the way to a violation is stored', 'failures')
    .option('--json', 'print one JSON document')
  addJobOptions(command).action(async (scenario: string, options: CheckOptions) => done(await check(scenario, options, terminal)))
}

async function check(name: string, options: CheckOptions, terminal: Terminal): Promise<number> {
  const { scenarios, source } = await chosenScenarios(options)
  const scenario = scenarioNamed(scenarios, name, name)
  const mode = modeOf(scenario, options.mode)
  const scopes = scopesOf(options)
  checkDirectory(options.failures, '--failures')
  const reductions = reductionsOf(options, scopes)
  const { memory, seconds, states } = options
  const limits = {
    memoryBytes: memory * 1e6,
    ...(seconds !== undefined && { seconds }),
    ...(states !== undefined && { states }),
    ...savingOf(options, scopes, reductions),
    ...fingerprintsOf(options, reductions),
    ...crewOf(options, source, reductions),
    ...livenessOf(options, reductions),
  }
  const progress = new ProgressLine(terminal)
  const began = performance.now()
  const check = { scenario, mode, reductions }
  const checked = await untilInterrupted(terminal, (signal) =>
    inSlices(
      checkingScopes(check, scopes, { ...limits, signal }, (scope, state) => {
        const rate = Math.round(state.distinct / Math.max(state.seconds, 0.001))
        const numbers = `${grouped(state.distinct)} states, ${grouped(state.queue)} to do, depth ${String(state.depth)}, ${grouped(rate)} states/s`
        progress.update((performance.now() - began) / 1000, `${formatScope(scope)}: ${numbers}`)
      }),
    ),
  )
  progress.end()
  const last = checked.checked.at(-1)
  const stored = last && storeWay(options.failures, last, options)
  const replay = (token: string): string => replayCommand(token, replayArgumentsOf(options))
  const words = { scope: formatScope, reduction: aboutReduction, replay, ...(stored !== undefined && { stored }) }
  if (options.json === true) terminal.document(checkDocument(checked, words))
  else terminal.out(checkText(checked, words, terminal.paint))
  return exitCodeOfCheck(checked)
}

/** Does work in slices, and lets the process hear of signals between them. */
async function inSlices<T>(work: Slices<T>): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    await (value ?? setImmediate())
  }
}

function modeOf(scenario: Scenario, given: string | undefined): Mode {
  const [first = 'aligned'] = scenario.modes
  const mode = given === undefined ? first : modeNamed(given)
  if (scenario.modes.includes(mode)) return mode
  throw new InputError(`--mode ${mode}`, `${scenario.name} does not run in this mode`, scenario.modes.join(', '))
}

function scopesOf({ scope = [], deepen }: CheckOptions): readonly Scope[] {
  const scopes = scope.length === 0 ? [scopeOf()] : scope.map(parseScope)
  const [only] = scopes
  if (deepen !== true) return scopes
  if (only !== undefined && scopes.length === 1) return scopesUpTo(only)
  throw new InputError('--deepen', 'with several scopes there is no largest one', 'one --scope')
}

/** One thread needs no others. */
function crewOf(
  { workers, save, exact, seed2 }: CheckOptions,
  source: ScenarioSource,
  reductions: readonly ReductionName[],
): { readonly crew?: ScopeCrew } {
  if (workers === 1) return {}
  const [option] = [...(save === undefined ? [] : ['--save']), ...(exact ? ['--exact'] : []), ...(seed2 ? ['--seed2'] : [])]
  const where = `--workers ${String(workers)}`
  if (option !== undefined) throw new InputError(where, `${option} is for one thread`, `${option} without --workers`)
  const learned = learnedOf(reductions)
  if (learned !== undefined) throw new InputError(where, `${learned} is learned by one thread`, `--reduce without ${learned}`)
  return { crew: { workers, source } }
}

/** A file holds one check. */
function savingOf({ save }: CheckOptions, scopes: readonly Scope[], reductions: readonly ReductionName[]): { readonly saving?: Saving } {
  if (save === undefined) return {}
  if (scopes.length > 1) throw new InputError(`--save ${save}`, 'a file holds the check of one scope', 'one --scope, without --deepen')
  const learned = learnedOf(reductions)
  if (learned !== undefined)
    throw new InputError(`--save ${save}`, `what a search with ${learned} learns is not saved`, `--reduce without ${learned}`)
  checkWritableFile(save, '--save')
  return { saving: { path: save, everySeconds: SAVED_EVERY_SECONDS, version: packageVersion() } }
}

/** How states are told apart. */
function fingerprintsOf(
  { exact, seed2, save }: CheckOptions,
  reductions: readonly ReductionName[],
): { readonly exact?: true; readonly secondSeed?: true } {
  const [option] = [...(exact ? ['--exact'] : []), ...(seed2 ? ['--seed2'] : [])]
  if (option !== undefined && save !== undefined)
    throw new InputError(option, 'what is saved are the usual fingerprints', `${option} without --save`)
  if (seed2 && reductions.includes('ample'))
    throw new InputError('--seed2', 'ample sets are chosen in an order that fingerprints decide', '--reduce without ample')
  return { ...(exact && { exact }), ...(seed2 && { secondSeed: seed2 }) }
}

/** Whether every way ends, all steps tell: of one search, by one thread, with none left out that matter to it. */
function livenessOf({ liveness, save, workers }: CheckOptions, reductions: readonly ReductionName[]): { readonly liveness?: true } {
  if (liveness === undefined) return {}
  const [option] = [...(save === undefined ? [] : ['--save']), ...(workers === 1 ? [] : ['--workers'])]
  if (option !== undefined)
    throw new InputError('--liveness', 'all steps are kept in the memory of one thread', `--liveness without ${option}`)
  const learned = learnedOf(reductions)
  if (learned !== undefined)
    throw new InputError('--liveness', `${learned} leaves out ways that may never end`, `--reduce without ${learned}`)
  return { liveness }
}

/** What every scope allows. */
function reductionsOf({ reduce }: CheckOptions, scopes: readonly Scope[]): readonly ReductionName[] {
  const [first = [], ...others] = scopes.map((scope) => (reduce === undefined ? usualReductions(scope) : parseReductions(reduce, scope)))
  return first.filter((name) => others.every((names) => names.includes(name)))
}

/** The first of those that a search learns on its way. */
function learnedOf(reductions: readonly ReductionName[]): ReductionName | undefined {
  return reductions.find((name) => name === 'ample' || name === 'late-words' || name === 'symmetry')
}
