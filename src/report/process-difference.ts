import type { TraceDifference } from '../search/index.js'
import { atTime } from './numbers.js'

/** Where processes part, as each of them sees it. */
export function differenceLines({ scenario, mode, seed, step, sides }: TraceDifference): string[] {
  return [
    `the processes part at step ${String(step)}     scenario ${scenario}   mode ${mode}   seed ${seed}`,
    ...sides.flatMap(({ name, steps }, side) => [
      `  process ${String(side + 1)} (${name})`,
      ...steps.flatMap(({ number, time, what, draws, hash }) => [
        `    step ${String(number)}  ${atTime(time)}  ${hash}  ${what}`,
        ...draws.map((draw) => `      ${draw}`),
      ]),
    ]),
  ]
}
