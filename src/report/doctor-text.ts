import type { DeterminismResult, TraceDifference } from '../search/index.js'
import { replayCommand } from './campaign-text.js'
import { atTime, counted } from './numbers.js'
import { plain, type Paint } from './paint.js'

/** What `millrace doctor` prints: the first difference with what each side says of it, then the verdict. */
export function doctorText(
  { verdict, runs, steps, sides, traces, interrupted, first }: DeterminismResult,
  { good, bad }: Paint = plain,
): string[] {
  const painted = verdict === 'differs' ? bad : good
  const compared = `${counted(runs, 'seed')} on ${sides.join(' and ')}, the same at each of ${counted(steps, 'step')}`
  return [
    ...(first === undefined ? [] : differenceLines(first)),
    `${painted(verdict.toUpperCase())}  ${compared}; hash over all traces ${traces}`,
    ...(interrupted ? ['  ended before all seeds were compared'] : []),
  ]
}

function differenceLines({ scenario, mode, seed, token, step, sides }: TraceDifference): string[] {
  return [
    `the processes part at step ${String(step)}     scenario ${scenario}   mode ${mode}   seed ${seed}`,
    ...sides.flatMap(({ name, steps }, side) => [
      `  process ${String(side + 1)} (${name})`,
      ...steps.flatMap(({ time, what, draws, hash }, i) => [
        `    step ${String(step - steps.length + 1 + i)}  ${atTime(time)}  ${hash}  ${what}`,
        ...draws.map((draw) => `      ${draw}`),
      ]),
    ]),
    `  replay    ${replayCommand(token)}`,
    '',
  ]
}
