/**
 * A job of a real Flink: its plan and its configuration as its REST interface answered (`/jobs/:jobid/plan`, …), imported as any job of
 * a user's own is. Source → keyed count → sink that commits in two phases, each a vertex of its own.
 */
import { describeJob, jobOfAnswers, readSetOption } from '../src/flink/index.js'
import type { DeliveryPromise } from '../src/history/index.js'
import type { Mode, Scenario, WitnessName } from '../src/search/index.js'
import { repeatingClaims, transactionalClaims } from './claims.js'
import { importedScenarios } from './imported-plan.js'
import { checkpointsConfigAnswer, configAnswer, planAnswer } from './recorded-answers.js'

/** What the plan does not tell of this job. Without checkpoints its sink must do without transactions: nothing would commit them. */
function assumptions(mode: Mode): string {
  return `
userCode:
  deterministic: true
vertices:
  'Source: Src':
    replayable: true
  'Sink: Writer':
    guarantee: ${mode === 'off' ? 'AT_LEAST_ONCE' : 'EXACTLY_ONCE'}
    transactionTimeout: none
`
}

/** What is set beside the recorded configuration, which is that of the aligned mode. */
const SETTINGS: Readonly<Record<Mode, readonly string[]>> = {
  aligned: [],
  'at-least-once': ['execution.checkpointing.mode=AT_LEAST_ONCE'],
  // Without checkpoints Flink restarts nothing unless it is told to.
  off: [
    'restart-strategy.type=fixed-delay',
    'restart-strategy.fixed-delay.attempts=2147483647',
    'restart-strategy.fixed-delay.delay=20 ms',
  ],
}

const WITNESSES: Readonly<Record<Mode, readonly WitnessName[]>> = {
  aligned: ['recovered', 'repeated-commit'],
  'at-least-once': ['recovered', 'repeated-commit'],
  off: ['recovered', 'duplicated-output'],
}

function claims(mode: Mode): readonly DeliveryPromise[] {
  return mode === 'off' ? repeatingClaims(mode, 'external-store') : transactionalClaims(mode, 'external-store')
}

/** The job in one mode; there is one possibility, because nothing is left open. */
function importedIn(mode: Mode): Scenario {
  const answers = mode === 'off' ? [planAnswer, configAnswer] : [planAnswer, checkpointsConfigAnswer, configAnswer]
  const settings = ['high-availability.type=zookeeper', ...SETTINGS[mode]]
  const description = describeJob(jobOfAnswers(answers, 'the recorded job'), settings.map(readSetOption), {
    text: assumptions(mode),
    where: `assumptions about the recorded job (${mode})`,
  })
  const [imported] = importedScenarios(description)
  if (imported === undefined) throw new RangeError('the recorded job has no possibility')
  return imported.scenario
}

const inMode = new Map<Mode, Scenario>()

/** The recorded job, imported when it is first needed. */
export const importedPlan: Scenario = {
  name: 'imported-plan',
  about: 'the plan and the configuration of a real Flink job, imported: source, keyed count, two-phase sink',
  modes: ['aligned', 'at-least-once', 'off'],
  claims,
  witnesses: (mode) => WITNESSES[mode],
  setUp(world, mode) {
    let scenario = inMode.get(mode)
    if (scenario === undefined) inMode.set(mode, (scenario = importedIn(mode)))
    return scenario.setUp(world, mode)
  },
}
