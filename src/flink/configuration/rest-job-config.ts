import { z } from 'zod'
import { shapeError } from '../json-shape.js'
import type { ConfigurationSource } from './configuration-source.js'
import { readRestartDescription } from './restart-description.js'

/** `JobConfigInfo` of the REST interface (`/jobs/:id/config`). */
const jobConfigInfo = z.looseObject({
  'execution-config': z.looseObject({
    'restart-strategy': z.string().optional(),
    'job-parallelism': z.number().int().optional(),
    'object-reuse-mode': z.boolean().optional(),
    'user-config': z.record(z.string(), z.string().nullable()).optional(),
  }),
})

/** Whether a JSON document is the answer of `/jobs/:id/config`. */
export function isJobConfig(json: unknown): boolean {
  return z.looseObject({ 'execution-config': z.looseObject({}) }).safeParse(json).success
}

/**
 * Reads the answer of `/jobs/:id/config`: the restart strategy is a sentence there; an unknown one is a warning.
 * @throws InputError with the JSON path of what is missing or of the wrong type
 */
export function readJobConfig(json: unknown, path: string): ConfigurationSource {
  const parsed = jobConfigInfo.safeParse(json)
  if (!parsed.success) throw shapeError(parsed.error, json, `${path} $`, 'the answer of /jobs/:jobid/config')
  const config = parsed.data['execution-config']
  const at = (field: string): string => `${path} $.execution-config.${field}`
  const sentence = config['restart-strategy']
  const restart = sentence === undefined ? [] : readRestartDescription(sentence)
  const warnings =
    restart === undefined ? [`${at('restart-strategy')}: this description of a restart strategy is not known: ${String(sentence)}`] : []
  const entries = (restart ?? []).map(([key, text]) => ({ key, text, where: at('restart-strategy') }))
  const parallelism = config['job-parallelism']
  if (parallelism !== undefined && parallelism > 0) {
    entries.push({ key: 'parallelism.default', text: String(parallelism), where: at('job-parallelism') })
  }
  const reuse = config['object-reuse-mode']
  if (reuse !== undefined) entries.push({ key: 'pipeline.object-reuse', text: String(reuse), where: at('object-reuse-mode') })
  const parameters = Object.entries(config['user-config'] ?? {}).map(([name, value]) => [name, value ?? ''] as const)
  return { entries, warnings, programParameters: Object.fromEntries(parameters) }
}
