/** `millrace explain`: why a failing run failed; or what a guarantee means, with the smallest run that shows it. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { twoChannels } from '../../scenarios/index.js'
import { didYouMean, InputError } from '../flink/index.js'
import { explanationDocument, explanationText, lessonDocument, lessonText, replayCommand, type LessonTopic } from '../report/index.js'
import { explainRun, findLesson, kindOf, parseToken, type Failure } from '../search/index.js'
import { chosenScenarios, scenarioNamed } from './chosen-cells.js'
import { EXIT } from './exit-codes.js'
import { jobOptionsOf, readFailure } from './failure-store.js'
import { addJobOptions, replayArgumentsOf, type JobOptions } from './job-options.js'
import { wholeNumber } from './option-values.js'
import type { Terminal } from './terminal.js'
import { refuseWay } from './way-store.js'

interface ExplainOptions extends JobOptions {
  readonly forks?: number
  readonly json?: true
}

const TOPICS: readonly LessonTopic[] = ['exactly-once', 'at-least-once']

/** Adds the verb. */
export function addExplainCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  const command = program
    .command('explain')
    .description('say why a run failed, or what a guarantee means')
    .argument('<what>', `a replay token, a file under failures/, or one of: ${TOPICS.join(', ')}`)
    .option('--forks <n>', 'forks for each probe of when the violation became certain (20)', wholeNumber('--forks', 1000))
    .option('--json', 'print one JSON document')
  addJobOptions(command).action(async (what: string, options: ExplainOptions) => done(await explain(what, options, terminal)))
}

async function explain(what: string, options: ExplainOptions, terminal: Terminal): Promise<number> {
  const topic = TOPICS.find((candidate) => candidate === what)
  if (topic !== undefined) return teach(topic, options, terminal)
  refuseWay(what, '`millrace replay` shows each of its steps')
  const isFile = what.endsWith('.json') || existsSync(what)
  if (!isFile && !/^mr\d/.test(what)) throw unknownTopic(what)
  const failure = isFile ? readFailure(what) : undefined
  const { scenario: asked, mode, ...name } = parseToken(failure?.token ?? what)
  const jobOptions = failure !== undefined && options.plan === undefined ? jobOptionsOf(failure) : options
  const { scenarios } = await chosenScenarios(jobOptions)
  const scenario = scenarioNamed(scenarios, asked, isFile ? what : 'replay token')
  if (!scenario.modes.includes(mode)) {
    throw new InputError('replay token', `${scenario.name} does not run in mode ${mode}`, scenario.modes.join(', '))
  }
  const { forks } = options
  const run = explainRun({ scenario, mode }, named(name, failure), {
    ...(forks !== undefined && { forks }),
    ...(failure !== undefined && { kind: kindOf({ ...failure.verdict, standing: 'violation' }) }),
  })
  const command = replayCommand(run.token, replayArgumentsOf(jobOptions))
  if (options.json === true) terminal.document(explanationDocument(run, command))
  else terminal.out(explanationText(run, command, terminal.paint))
  return run.counterexample?.standing === 'violation' ? EXIT.violated : EXIT.holds
}

/** A stored failure has its own plan, even where the seed would draw another one by now. */
function named<N extends Omit<ReturnType<typeof parseToken>, 'scenario' | 'mode'>>(name: N, failure: Failure | undefined): N {
  return failure === undefined || name.plan !== undefined ? name : { ...name, plan: failure.plan }
}

function teach(topic: LessonTopic, options: ExplainOptions, terminal: Terminal): number {
  const lesson = findLesson(twoChannels)
  if (lesson === undefined) throw new RangeError('no small run shows the difference between the modes')
  if (options.json === true) terminal.document(lessonDocument(topic, lesson))
  else terminal.out(lessonText(topic, lesson, terminal.paint))
  return EXIT.holds
}

function unknownTopic(what: string): InputError {
  return new InputError(
    'explain',
    `'${what}' is no replay token, no file and no topic${didYouMean(what, TOPICS)}`,
    `mr1.…, a file under failures/, ${TOPICS.join(', ')}`,
  )
}
