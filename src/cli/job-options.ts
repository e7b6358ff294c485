/** The options that name a job of the user's own, shared by `run`, `replay` and `import`. */
import type { Command } from 'commander'
import { InputError, type JobInputs } from '../flink/index.js'
import type { DeliveryPromise } from '../history/index.js'

/** What these options hold. */
export interface JobOptions {
  readonly plan?: string
  readonly job?: string
  readonly conf?: readonly string[]
  readonly set?: readonly string[]
  readonly assume?: string
  readonly claim?: readonly string[]
}

/** Adds `--job`, `--conf`, `--set`, `--assume` to a command. */
export function addConfigurationOptions(command: Command): Command {
  return command
    .option('--job <id>', 'id of the job on the cluster, when the address has none')
    .option('--conf <file>', 'config.yaml, flink-conf.yaml, or an answer of the REST interface; repeatable, later ones win', collect)
    .option('--set <key=value>', 'one configuration value; repeatable, wins over files', collect)
    .option('--assume <file>', 'answers to what no plan tells; `millrace import --assume-out` writes a template')
}

/** Adds all options that name a job of the user's own. */
export function addJobOptions(command: Command): Command {
  return addConfigurationOptions(
    command.option('--plan <plan>', "a plan of the user's own: a file, a folder of REST answers, or the address of a running job"),
  ).option('--claim <guarantee@point>', 'a guarantee to test instead of deriving it, such as exactly-once@state; repeatable', collect)
}

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

/**
 * The job that the options name; undefined without `--plan`.
 * @throws InputError when an option about a job is given without one
 */
export function jobInputsOf(options: JobOptions): JobInputs | undefined {
  const { plan, job, conf, set, assume, claim } = options
  if (plan !== undefined) return inputs(plan, options)
  const given = Object.entries({ job, conf, set, assume, claim }).find(([, value]) => value !== undefined)
  if (given !== undefined)
    throw new InputError(`--${given[0]}`, "says something about a job of the user's own, but there is none", '--plan as well')
  return undefined
}

/** The inputs of a job whose plan is known. */
export function inputs(plan: string, { job, conf, set, assume }: Omit<JobOptions, 'plan'>): JobInputs {
  return {
    plan,
    ...(job !== undefined && { jobId: job }),
    ...(conf !== undefined && { configurationFiles: conf }),
    ...(set !== undefined && { set }),
    ...(assume !== undefined && { assume }),
  }
}

/** The guarantees that may be claimed. */
const CLAIMABLE = ['exactly-once', 'at-least-once', 'at-most-once'] as const

/**
 * The claims of `--claim`.
 * @throws InputError for what is no claim
 */
export function claimsOf({ claim = [] }: JobOptions): DeliveryPromise[] {
  return claim.map((text) => {
    const [name, at, ...more] = text.split('@')
    const guarantee = CLAIMABLE.find((candidate) => candidate === name)
    if (guarantee === undefined || at === undefined || at === '' || more.length > 0) {
      throw new InputError(`--claim ${text}`, 'not a claim', `<guarantee>@<point> with a guarantee of ${CLAIMABLE.join(', ')}`)
    }
    return { guarantee, at }
  })
}

/** The options again, as `replay` needs them to find the same job. */
export function replayArgumentsOf({ plan, job, conf = [], set = [], assume, claim = [] }: JobOptions): string {
  if (plan === undefined) return ''
  const one = (option: string, value: string | undefined): string[] => (value === undefined ? [] : [option, quoted(value)])
  return [
    ...one('--plan', plan),
    ...one('--job', job),
    ...conf.flatMap((value) => one('--conf', value)),
    ...set.flatMap((value) => one('--set', value)),
    ...one('--assume', assume),
    ...claim.flatMap((value) => one('--claim', value)),
  ].join(' ')
}

/** A word as a shell takes it. */
export function quoted(text: string): string {
  return /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
