/** A folder of answers of Flink's REST interface, saved under any names: what each is, is told by its content. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCheckpointsConfig, isJobConfig, readCheckpointsConfig, readJobConfig, type ConfigurationSource } from '../configuration/index.js'
import { InputError } from '../input-error.js'
import { parseJsonText } from '../json-text.js'
import { planFormOf, readPlan, type PlanForm, type PlanOptions } from './import-plan.js'
import type { ImportedPlan } from './imported-plan.js'

/** A plan and the configuration that came with it, as sources in ascending precedence. */
export interface ImportedJob {
  readonly plan: ImportedPlan
  readonly configuration: readonly ConfigurationSource[]
}

/** One saved answer. */
export interface RestAnswer {
  readonly path: string
  readonly json: unknown
}

/** `job` knows names and maximum parallelism; an execution plan knows neither chains nor type. */
const preference: readonly PlanForm[] = ['job', 'plan answer', 'job graph', 'execution plan']

/**
 * Reads a folder of answers, or the `rest` folder in it.
 * @throws InputError when there is no plan in it or an answer cannot be read
 */
export function readRestFolder(folder: string, options: PlanOptions = {}): ImportedJob {
  const files = jsonFilesOf(folder)
  const nested = files.includes('rest') ? join(folder, 'rest') : undefined
  const jsonFiles = files.filter((file) => file.endsWith('.json')).sort()
  const answers = jsonFiles.map((file) => ({
    path: join(folder, file),
    json: parseJsonText(readFileSync(join(folder, file), 'utf8'), join(folder, file)),
  }))
  if (nested !== undefined && !answers.some((answer) => planFormOf(answer.json) !== undefined)) return readRestFolder(nested, options)
  return jobOfAnswers(answers, folder, options)
}

/**
 * The job that a set of answers describes.
 * @throws InputError when none carries a plan
 */
export function jobOfAnswers(answers: readonly RestAnswer[], where: string, options: PlanOptions = {}): ImportedJob {
  const plans = answers.flatMap((answer) => {
    const form = planFormOf(answer.json)
    return form === undefined ? [] : [{ ...answer, rank: preference.indexOf(form) }]
  })
  const best = plans.reduce<(typeof plans)[number] | undefined>((a, b) => (a === undefined || b.rank < a.rank ? b : a), undefined)
  if (best === undefined)
    throw new InputError(where, 'no plan among the answers', 'the answer of /jobs/:jobid/plan or /jobs/:jobid, or a plan saved as JSON')
  const plan = readPlan(best.json, best.path, options)
  return { plan, configuration: [...maxParallelismOf(plan, best.path), ...answers.flatMap(configurationOf)] }
}

function configurationOf({ path, json }: RestAnswer): ConfigurationSource[] {
  if (isCheckpointsConfig(json)) return [readCheckpointsConfig(json, path)]
  return isJobConfig(json) ? [readJobConfig(json, path)] : []
}

/** `/jobs/:id` carries `pipeline.max-parallelism` of the job. */
function maxParallelismOf(plan: ImportedPlan, path: string): ConfigurationSource[] {
  if (plan.maxParallelism === undefined) return []
  return [
    { entries: [{ key: 'pipeline.max-parallelism', text: String(plan.maxParallelism), where: `${path} $.maxParallelism` }], warnings: [] },
  ]
}

function jsonFilesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new InputError(folder, error instanceof Error ? error.message : 'cannot be read', 'a folder of answers of the REST interface')
  }
}
