import { didYouMean, InputError } from '../flink/index.js'
import { DRIVERS, type DriverName, type Shard } from '../search/index.js'

/** Reads a whole number above 0, and not above `most`. */
export function wholeNumber(option: string, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < 1 || value > most) {
      const allowed = most === Number.MAX_SAFE_INTEGER ? 'a whole number from 1 on' : `a whole number from 1 to ${String(most)}`
      throw new InputError(`${option} ${text}`, 'not a usable number', allowed)
    }
    return value
  }
}

/** Reads a number above 0. */
export function positiveNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d*\.?\d+$/.test(text) || !(value > 0)) throw new InputError(`${option} ${text}`, 'not a length of time', 'a number above 0')
    return value
  }
}

/** Reads the seed of a campaign. */
export function seedText(text: string): string {
  if (!/^[\w-]{1,64}$/.test(text)) throw new InputError(`--seed ${text}`, 'not a seed', '1 to 64 letters, digits, - or _')
  return text
}

/** Reads the name of a driver. */
export function driverName(text: string): DriverName {
  const found = DRIVERS.find((name) => name === text)
  if (found !== undefined) return found
  throw new InputError(`--driver ${text}`, `unknown driver${didYouMean(text, DRIVERS)}`, DRIVERS.join(', '))
}

/** Reads a shard, such as `2/4`. */
export function shardOf(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index >= 1 && index <= of && of <= MOST_SHARDS) return { index, of }
  throw new InputError(
    `--shard ${text}`,
    'not a part of a campaign',
    `i/n with i from 1 to n, such as 1/4, and n up to ${String(MOST_SHARDS)}`,
  )
}

const MOST_SHARDS = 10_000
