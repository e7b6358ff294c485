import type { DeterminismResult } from '../search/index.js'
import { replayCommand } from './campaign-text.js'
import { counted } from './numbers.js'
import { plain, type Paint } from './paint.js'
import { differenceLines } from './process-difference.js'

/** What `millrace doctor` prints: the first difference with what each side says of it, then the verdict. */
export function doctorText(
  { verdict, runs, steps, sides, traces, interrupted, first }: DeterminismResult,
  { good, bad }: Paint = plain,
): string[] {
  const painted = verdict === 'differs' ? bad : good
  const compared = `${counted(runs, 'seed')} on ${sides.join(' and ')}, the same at each of ${counted(steps, 'step')}`
  return [
    ...(first === undefined ? [] : [...differenceLines(first), `  replay    ${replayCommand(first.token)}`, '']),
    `${painted(verdict.toUpperCase())}  ${compared}; hash over all traces ${traces}`,
    ...(interrupted ? ['  ended before all seeds were compared'] : []),
  ]
}
