import type { JobConfiguration } from '../../engine/configuration.js'
import { InputError } from '../input-error.js'
import type { ConfigOption } from './config-option.js'
import type { ConfigurationSource } from './configuration-source.js'
import { refuseContradictions } from './contradictions.js'
import { MergedValues } from './merged-values.js'
import { configOptions } from './option-catalogue.js'
import { showValue } from './option-value.js'
import { checkpointingEnabled, restartTypeOf, settingsOf, storageOf } from './settings.js'

/** One value in force, to be printed. */
export interface EffectiveValue {
  readonly key: string
  readonly value: string
  /** Place it was read from, or `default`. */
  readonly origin: string
  readonly isDefault: boolean
  /** Why it changes nothing in the model; absent when it does. */
  readonly noEffect?: string
}

/** Configuration after merging all sources: the settings, and where each comes from. */
export interface EffectiveConfiguration {
  readonly settings: JobConfiguration
  /** Every option that decides a setting, and every other known one that was given; sorted by key. */
  readonly values: readonly EffectiveValue[]
  readonly warnings: readonly string[]
  /** The program's own parameters as the REST interface tells them. */
  readonly programParameters: Readonly<Record<string, string>>
}

/**
 * Merges sources, later ones winning.
 * @throws InputError for an unknown key, a bad value or a contradiction
 */
export function effectiveConfiguration(sources: readonly ConfigurationSource[]): EffectiveConfiguration {
  const merged = new MergedValues(sources)
  ignoreOptionsOfNoStrategy(merged)
  refuseContradictions(merged)
  const shown = configOptions.filter((option) => 'feeds' in option.effect || merged.givenFor(option.key) !== undefined)
  return {
    settings: settingsOf(merged),
    values: shown.map((option) => effectiveValue(option, merged)),
    warnings: merged.warnings,
    programParameters: Object.fromEntries(sources.flatMap((source) => Object.entries(source.programParameters ?? {}))),
  }
}

/** Without a type Flink takes its default strategy, and for that nothing but defaults (`RestartBackoffTimeStrategyFactoryLoader`). */
function ignoreOptionsOfNoStrategy(merged: MergedValues): void {
  if (merged.text('restart-strategy.type') !== undefined) return
  const because = 'restart-strategy.type is not set, and Flink restarts by its defaults then'
  for (const { key } of configOptions) if (key.startsWith('restart-strategy.')) merged.ignore(key, because)
}

/** Value in force for a key as printed; undefined when the key is not among the values. */
export function valueInForce(configuration: EffectiveConfiguration, key: string): EffectiveValue | undefined {
  return configuration.values.find((value) => value.key === key)
}

function effectiveValue(option: ConfigOption, merged: MergedValues): EffectiveValue {
  const given = merged.givenFor(option.key)
  const noEffect = 'none' in option.effect ? { noEffect: option.effect.none } : {}
  if (given !== undefined)
    return { key: option.key, value: showValue(option.type, given.value), origin: given.where, isDefault: false, ...noEffect }
  return { key: option.key, value: defaultText(option, merged), origin: 'default', isDefault: true, ...noEffect }
}

/** Defaults that Flink derives from other settings are shown as derived. */
function defaultText(option: ConfigOption, merged: MergedValues): string {
  switch (option.key) {
    case 'execution.checkpointing.interval':
      return 'none (checkpointing is off)'
    case 'execution.checkpointing.storage':
      return storageOf(merged)
    case 'restart-strategy.type':
      return `${restartTypeOf(merged)} (checkpointing is ${checkpointingEnabled(merged) ? 'on' : 'off'})`
    default: {
      const value = merged.valueOf(option.key)
      return value === undefined ? 'none' : showValue(option.type, value)
    }
  }
}

/** A sink as far as configuration must fit it. */
export interface TransactionalSink {
  readonly name: string
  readonly guarantee: 'NONE' | 'AT_LEAST_ONCE' | 'EXACTLY_ONCE'
}

/**
 * A sink that commits when a checkpoint completes never commits without checkpoints. To be called for guarantees that somebody asserted,
 * not for guesses.
 * @throws InputError naming the sink
 */
export function refuseTransactionsWithoutCheckpoints(configuration: EffectiveConfiguration, sinks: readonly TransactionalSink[]): void {
  const transactional = sinks.find((sink) => sink.guarantee === 'EXACTLY_ONCE')
  if (transactional === undefined || configuration.settings.checkpointing.enabled) return
  const origin = valueInForce(configuration, 'execution.checkpointing.interval')?.origin ?? 'default'
  throw new InputError(
    origin === 'default' ? 'execution.checkpointing.interval' : `execution.checkpointing.interval (${origin})`,
    `checkpointing is off, but sink '${transactional.name}' is EXACTLY_ONCE: its transactions are committed when a checkpoint completes, so nothing would be visible before the input ends, and never where it has no end`,
    'an interval of 10 ms or more, or another delivery guarantee',
  )
}
