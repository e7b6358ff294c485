/** The REST interface of a running cluster: asks for the plan and the configuration of one job. */
import { InputError } from '../input-error.js'
import { parseJsonText } from '../json-text.js'
import type { PlanOptions } from './import-plan.js'
import { jobOfAnswers, type ImportedJob, type RestAnswer } from './rest-folder.js'

/** Longest wait for an answer, milliseconds. */
const patienceMs = 10_000

/** Whether this is the address of a cluster rather than a path. */
export function isClusterAddress(text: string): boolean {
  return /^https?:\/\//i.test(text)
}

/** Address of the REST interface and job id from any address of a job, also one of the web interface (`…/#/job/running/<id>/overview`). */
export function readJobAddress(address: string): { readonly base: string; readonly job: string | undefined } {
  const job = /(?:^|[/=])([0-9a-f]{32})(?![0-9a-f])/i.exec(address)?.[1]
  const base = address.replace(/\/?(?:#.*|(?:v\d+\/)?jobs?(?:\/.*)?|overview\/?)$/i, '')
  return { base: base.replace(/\/+$/, ''), job: job?.toLowerCase() }
}

/**
 * Asks a running cluster for a job's plan, checkpoint configuration and execution configuration.
 * @param address address of the cluster, or of the job
 * @param jobId id of the job when the address has none
 * @throws InputError when the cluster does not answer, or no job is named (with the jobs there are)
 */
export async function readRunningJob(address: string, jobId?: string, options: PlanOptions = {}): Promise<ImportedJob> {
  const { base, job = jobId } = readJobAddress(address)
  if (job === undefined) throw new InputError(address, 'no job is named', `the address of a job: ${await listJobs(base)}`)
  const paths = [`/jobs/${job}`, `/jobs/${job}/plan`, `/jobs/${job}/checkpoints/config`, `/jobs/${job}/config`]
  const answers: RestAnswer[] = []
  for (const path of paths) {
    const required = path.endsWith('/plan')
    const json = await ask(`${base}${path}`, required)
    if (json !== undefined) answers.push({ path: `${base}${path}`, json })
  }
  return jobOfAnswers(answers, `${base}/jobs/${job}`, options)
}

async function listJobs(base: string): Promise<string> {
  const json = await ask(`${base}/jobs`, true)
  const jobs = JSON.stringify(json).match(/[0-9a-f]{32}/g) ?? []
  return jobs.length === 0 ? `${base}/jobs/<job id>; the cluster has no job` : jobs.map((job) => `${base}/jobs/${job}`).join(', ')
}

/** The answer as JSON; undefined when it is refused and not required (a job without checkpointing has no checkpoint configuration). */
async function ask(url: string, required: boolean): Promise<unknown> {
  const allowed = 'the address of a running Flink REST interface and the id of one of its jobs'
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch((error: unknown) => {
    throw new InputError(url, `no answer (${causeOf(error)})`, allowed)
  })
  const text = await response.text()
  if (!response.ok) {
    if (!required) return undefined
    throw new InputError(url, `answered ${String(response.status)} ${response.statusText}`, allowed)
  }
  return parseJsonText(text, url)
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message
}
