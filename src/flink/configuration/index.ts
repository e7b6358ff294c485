/** Flink's configuration: options as data, readers of every form they come in, and the settings they amount to. */
export type { ConfigOption, OptionType } from './config-option.js'
export type { ConfigurationEntry, ConfigurationSource } from './configuration-source.js'
export { readConfigYaml } from './config-yaml.js'
export { formatDuration, parseDuration } from './duration.js'
export {
  effectiveConfiguration,
  refuseTransactionsWithoutCheckpoints,
  valueInForce,
  type EffectiveConfiguration,
  type EffectiveValue,
  type TransactionalSink,
} from './effective-configuration.js'
export { readConfigurationFile } from './configuration-file.js'
export { readFlinkConf } from './flink-conf.js'
export { configOptions, findOption } from './option-catalogue.js'
export { isCheckpointsConfig, readCheckpointsConfig } from './rest-checkpoints-config.js'
export { isJobConfig, readJobConfig } from './rest-job-config.js'
export { readSetOption } from './set-option.js'
