import { InputError } from '../input-error.js'
import { parseJsonText, withoutByteOrderMark } from '../json-text.js'
import { readConfigYaml } from './config-yaml.js'
import type { ConfigurationSource } from './configuration-source.js'
import { readFlinkConf } from './flink-conf.js'
import { isCheckpointsConfig, readCheckpointsConfig } from './rest-checkpoints-config.js'
import { isJobConfig, readJobConfig } from './rest-job-config.js'

/**
 * Reads a configuration file of any kind, told by its name and content: `*.json` is an answer of the REST interface, `flink-conf.yaml` the
 * older flat form, any other file `config.yaml`.
 * @throws InputError when it is none of them
 */
export function readConfigurationFile(given: string, path: string): ConfigurationSource {
  const text = withoutByteOrderMark(given)
  const name = path.split(/[\\/]/).at(-1) ?? path
  if (/^flink-conf.*\.ya?ml$/i.test(name)) return readFlinkConf(text, path)
  if (!/\.json$/i.test(name)) return readConfigYaml(text, path)
  const json = parseJsonText(text, path)
  if (isCheckpointsConfig(json)) return readCheckpointsConfig(json, path)
  if (isJobConfig(json)) return readJobConfig(json, path)
  throw new InputError(
    path,
    'JSON, but no configuration',
    'config.yaml, flink-conf.yaml, or the answer of /jobs/:jobid/checkpoints/config or /jobs/:jobid/config',
  )
}
