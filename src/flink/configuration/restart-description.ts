/** The sentence by which Flink's REST interface describes a job's restart strategy (`RestartStrategyDescriptionUtils`). */

/** Keys and values that a description stands for; undefined when the sentence is not known. `[]` leaves the cluster's strategy in force. */
export function readRestartDescription(sentence: string): readonly (readonly [key: string, text: string])[] | undefined {
  const text = sentence.trim()
  if (/^Cluster level default restart strategy$/i.test(text)) return []
  if (/^Restart deactivated\.?$/i.test(text)) return [['restart-strategy.type', 'none']]
  return fixedDelay(text) ?? failureRate(text) ?? exponentialDelay(text)
}

function fixedDelay(text: string): (readonly [string, string])[] | undefined {
  const parts = /^Restart with fixed delay \((.+)\)\. #(-?\d+) restart attempts\.?$/i.exec(text)
  return parts === null ? undefined : entries('fixed-delay', { delay: parts[1], attempts: parts[2] })
}

function failureRate(text: string): (readonly [string, string])[] | undefined {
  const parts = /^Failure rate restart with maximum of (\d+) failures within interval (.+) and fixed delay (.+?)\.?$/i.exec(text)
  if (parts === null) return undefined
  return entries('failure-rate', { 'max-failures-per-interval': parts[1], 'failure-rate-interval': parts[2], delay: parts[3] })
}

function exponentialDelay(text: string): (readonly [string, string])[] | undefined {
  const sentence =
    /^Restart with exponential delay: starting at (.+), increasing by (.+), with maximum (.+)\. Delay resets after (.+) with jitter (\S+?)\.?$/i
  const parts = sentence.exec(text)
  if (parts === null) return undefined
  return entries('exponential-delay', {
    'initial-backoff': parts[1],
    'backoff-multiplier': decimal(parts[2]),
    'max-backoff': parts[3],
    'reset-backoff-threshold': parts[4],
    'jitter-factor': decimal(parts[5]),
  })
}

/** Flink writes decimals as the locale of its JVM has them: with a comma in half of the world. */
function decimal(text: string | undefined): string | undefined {
  return text?.replace(/^(\d+),(\d+)$/, '$1.$2')
}

function entries(type: string, settings: Record<string, string | undefined>): (readonly [string, string])[] {
  return [
    ['restart-strategy.type', type],
    ...Object.entries(settings).map(([name, value]) => [`restart-strategy.${type}.${name}`, value ?? ''] as const),
  ]
}
