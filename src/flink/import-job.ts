/** Everything that was given about a job, brought together: plan, configuration, assumptions, and what they leave open. */
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { combinationsOf, type Combinations } from './combinations.js'
import {
  effectiveConfiguration,
  readConfigurationFile,
  readSetOption,
  refuseTransactionsWithoutCheckpoints,
  valueInForce,
  type ConfigurationSource,
  type EffectiveConfiguration,
} from './configuration/index.js'
import { InputError } from './input-error.js'
import {
  endsWithoutSink,
  missingEnds,
  operatorsSimulatedOtherwise,
  problemsUnder,
  refuseTooFewKeyGroups,
  simulatedOtherwise,
} from './plan-against-configuration.js'
import {
  isClusterAddress,
  readPlanText,
  readRestFolder,
  readRunningJob,
  type ImportedJob,
  type PlanOptions,
  type PlanProblem,
} from './plan/index.js'
import { withoutByteOrderMark } from './json-text.js'
import { reduceParallelism, type ReducedPlan } from './reduce.js'
import { guessRoles, isSettled, noAssumptions, openQuestions, readAssumptions, type JobRoles, type OpenQuestion } from './roles/index.js'

/** Where the parts of a job's description are; later configuration wins over earlier. */
export interface JobInputs {
  /** A plan file, a folder of REST answers, or the address of a running cluster. */
  readonly plan: string
  /** Id of the job when the address has none. */
  readonly jobId?: string
  readonly configurationFiles?: readonly string[]
  /** `key=value` each. */
  readonly set?: readonly string[]
  /** Path of an assume file. */
  readonly assume?: string
}

/** All that is known of an imported job. */
export interface JobDescription extends ImportedJob {
  readonly effective: EffectiveConfiguration
  /** The plan as it is simulated. */
  readonly reduced: ReducedPlan
  readonly roles: JobRoles
  readonly open: readonly OpenQuestion[]
  readonly possibilities: Combinations
  /** What cannot be checked; any makes a verdict incomplete. */
  readonly problems: readonly PlanProblem[]
  /** What was assumed or changed on the way, in sentences; also the warnings of the configuration. */
  readonly notes: readonly string[]
}

/**
 * Reads all of it.
 * @throws InputError for whatever cannot be read, is unknown or contradicts itself
 */
export async function importJob(inputs: JobInputs): Promise<JobDescription> {
  const given = [...(inputs.configurationFiles ?? []).map(readConfiguration), ...(inputs.set ?? []).map(readSetOption)]
  const job = await readJob(inputs, given)
  const { assume } = inputs
  return describeJob(job, given, assume === undefined ? undefined : { text: readText(assume, 'an assume file'), where: assume })
}

/**
 * All that is known of a job whose plan was read.
 * @param given configuration beside what came with the plan; wins over it
 * @param assume an assume file and what to call it
 * @throws InputError for whatever is unknown or contradicts itself
 */
export function describeJob(
  job: ImportedJob,
  given: readonly ConfigurationSource[] = [],
  assume?: { readonly text: string; readonly where: string },
): JobDescription {
  const configuration = [...job.configuration, ...given]
  const effective = effectiveConfiguration(configuration)
  refuseTooFewKeyGroups(job.plan, effective)
  const assumptions = assume === undefined ? noAssumptions : readAssumptions(assume.text, job.plan, assume.where)
  const reduced = reduceParallelism(job.plan)
  const roles = guessRoles(reduced.plan, assumptions)
  refuseTransactionsWithoutCheckpoints(effective, settledSinks(roles))
  const possibilities = combinationsOf(job.plan.name, roles, effective.settings)
  return {
    plan: job.plan,
    configuration,
    effective,
    reduced,
    roles,
    open: openQuestions(roles),
    possibilities,
    problems: [...job.plan.problems, ...problemsUnder(job.plan, effective), ...missingEnds(roles)],
    notes: [
      ...job.plan.notes,
      ...simulatedOtherwise(job.plan, effective),
      ...operatorsSimulatedOtherwise(roles),
      ...endsWithoutSink(roles),
      ...clusterDefaults(job, effective),
      ...reduced.notes,
      ...(possibilities.cut === undefined ? [] : [possibilities.cut]),
      ...effective.warnings,
    ],
  }
}

/** The REST answers about a job leave out what is set for the whole cluster. */
function clusterDefaults({ configuration }: ImportedJob, effective: EffectiveConfiguration): string[] {
  if (configuration.length === 0 || valueInForce(effective, 'restart-strategy.type')?.origin !== 'default') return []
  return [
    "the restart strategy is the cluster's, which these answers do not tell: Flink's default stands for it; --conf FILE adds the configuration of the cluster",
  ]
}

async function readJob(inputs: JobInputs, given: readonly ConfigurationSource[]): Promise<ImportedJob> {
  const chaining = valueInForce(effectiveConfiguration(given), 'pipeline.operator-chaining.enabled')?.value !== 'false'
  const options: PlanOptions = { chaining, name: basename(inputs.plan).replace(/\.json$/, '') }
  if (isClusterAddress(inputs.plan)) return readRunningJob(inputs.plan, inputs.jobId, options)
  if (inputs.jobId !== undefined)
    throw new InputError(`--job ${inputs.jobId}`, `'${inputs.plan}' is no cluster with several jobs`, 'the address of a cluster as --plan')
  if (isFolder(inputs.plan)) return readRestFolder(inputs.plan, options)
  return {
    plan: readPlanText(readText(inputs.plan, 'a plan file, a folder of REST answers, or the address of a cluster'), inputs.plan, options),
    configuration: [],
  }
}

function readConfiguration(path: string): ConfigurationSource {
  return readConfigurationFile(readText(path, 'a configuration file'), path)
}

function settledSinks({ roles }: JobRoles) {
  return roles.flatMap((role) =>
    role.role === 'sink' && isSettled(role.guarantee) ? [{ name: role.part.label, guarantee: role.guarantee.value }] : [],
  )
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function readText(path: string, expected: string): string {
  try {
    return withoutByteOrderMark(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InputError(path === '' ? "''" : path, error instanceof Error ? error.message : 'cannot be read', expected)
  }
}
