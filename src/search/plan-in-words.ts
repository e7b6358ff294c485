import type { Fault, FaultPlan, StrikeAt } from '../faults/index.js'

/** A plan as sentences, one a fault. */
export function planInWords(plan: FaultPlan): string[] {
  return plan.map(faultInWords)
}

function faultInWords(fault: Fault): string {
  switch (fault.kind) {
    case 'crash': {
      const who = fault.process === '*' ? 'whatever process reaches it' : fault.process
      return `${who} crashes ${when(fault.at)}, and starts again after ${time(fault.downUs)}`
    }
    case 'exception':
      return `an exception at ${fault.point}, the ${ordinal(fault.nth)} time in the run`
    case 'hang': {
      const down = `the TaskManager is killed, and starts again after ${time(fault.downUs)}`
      return `user code hangs at ${fault.point}, the ${ordinal(fault.nth)} time in the run, until ${down}`
    }
    case 'call':
      return `the ${ordinal(fault.nth)} ${fault.point} ${CALL_OUTCOMES[fault.outcome]}`
    case 'rpc':
      return `the ${ordinal(fault.nth)} ${fault.rpc} ${fault.delayUs === undefined ? 'is lost' : `arrives ${time(fault.delayUs)} late`}`
    case 'detour':
      return fault.repeated
        ? `the ${ordinal(fault.nth)} ${fault.rpc} arrives a second time ${time(fault.delayUs)} after it was sent`
        : `the ${ordinal(fault.nth)} ${fault.rpc} arrives ${time(fault.delayUs)} late, and others overtake it`
    case 'slow':
      return `all messages to and from ${fault.process} take ${time(fault.extraUs)} longer from ${time(fault.fromUs)} to ${time(fault.untilUs)}`
    case 'disconnect':
      return `the connection between ${fault.process} and ${fault.other} breaks ${when(fault.at)}`
    case 'partition':
      return `${PARTITIONED[fault.direction](fault.process, fault.others.join(' and '))} for ${time(fault.forUs)}, ${when(fault.at)}${fault.lossy ? '; calls that may be lost are' : ''}`
    case 'pause':
      return `${fault.process} stops for ${time(fault.forUs)}, ${when(fault.at)}`
  }
}

const PARTITIONED = {
  both: (process: string, others: string) => `${process} and ${others} are cut off from each other`,
  from: (process: string, others: string) => `what ${process} sends to ${others} does not get there`,
  to: (process: string, others: string) => `what ${others} sends to ${process} does not get there`,
} as const

function when(at: StrikeAt): string {
  return 'timeUs' in at ? `at ${time(at.timeUs)}` : `at ${at.point}, the ${ordinal(at.nth)} time in the run`
}

const CALL_OUTCOMES = {
  failed: 'fails',
  'unknown-applied': 'is done, but its answer is lost',
  'unknown-lost': 'is never done, and neither does an answer come',
} as const

function ordinal(n: number): string {
  const tens = n % 100
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${String(n)}${suffix}`
}

function time(us: number): string {
  return us % 1_000_000 === 0 && us > 0 ? `${String(us / 1_000_000)} s` : us >= 1000 ? `${String(us / 1000)} ms` : `${String(us)} µs`
}
