import type { Fault, FaultPlan, StrikeAt, Turn } from '../faults/index.js'

/** A plan as sentences, one a fault. */
export function planInWords(plan: FaultPlan): string[] {
  return plan.map(faultInWords)
}

function faultInWords(fault: Fault): string {
  switch (fault.kind) {
    case 'crash':
      return `${who(fault)} crashes ${when(fault.at)}, and starts again after ${time(fault.downUs)}`
    case 'host-loss':
      return `${who(fault)} dies with its host ${when(fault.at)}, what it had sent and nobody has received is lost, and it starts again elsewhere after ${time(fault.downUs)}`
    case 'exception':
      return `an exception at ${fault.point}, ${timeOfAll(fault)}`
    case 'hang': {
      const down = `the TaskManager is killed, and starts again after ${time(fault.downUs)}`
      return `user code hangs at ${fault.point}, ${timeOfAll(fault)}, until ${down}`
    }
    case 'call':
      return `the ${call(fault, fault.point)} ${fault.outcome === 'unknown-later' ? `is not answered, and applied ${time(fault.delayUs ?? 0)} later` : CALL_OUTCOMES[fault.outcome]}`
    case 'rpc':
      return `the ${call(fault, fault.rpc)} ${fault.delayUs === undefined ? 'is lost' : `arrives ${time(fault.delayUs)} late`}`
    case 'detour':
      return fault.repeated
        ? `the ${call(fault, fault.rpc)} arrives a second time ${time(fault.delayUs)} after it was sent`
        : `the ${call(fault, fault.rpc)} arrives ${time(fault.delayUs)} late, and others overtake it`
    case 'slow':
      return `all messages to and from ${fault.process} take ${time(fault.extraUs)} longer from ${time(fault.fromUs)} to ${time(fault.untilUs)}`
    case 'skew':
      return `the clock of ${fault.process} is ${time(Math.abs(fault.byUs))} ${fault.byUs < 0 ? 'behind' : 'ahead'} from ${time(fault.fromUs)} on`
    case 'ties':
      return `everything is due at multiples of ${time(fault.gridUs)} only, and what is due at once comes in any order`
    case 'haste':
      return 'the first checkpoint behind each restart begins early'
    case 'calm':
      return `nothing strikes for ${time(fault.forUs)}, ${'timeUs' in fault.at ? `from ${time(fault.at.timeUs)} on` : `from ${fault.at.point} on, ${timeOfAll(fault.at)}`}`
    case 'disconnect':
      return `the connection between ${fault.process} and ${fault.other} breaks ${when(fault.at)}`
    case 'partition':
      return `${PARTITIONED[fault.direction](who(fault), fault.others.join(' and '))} for ${time(fault.forUs)}, ${when(fault.at)}${fault.lossy ? '; calls that may be lost are' : ''}`
    case 'pause':
      return `${who(fault)} stops for ${time(fault.forUs)}, ${when(fault.at)}`
  }
}

const PARTITIONED = {
  both: (process: string, others: string) => `${process} and ${others} are cut off from each other`,
  from: (process: string, others: string) => `what ${process} sends to ${others} does not get there`,
  to: (process: string, others: string) => `what ${others} sends to ${process} does not get there`,
} as const

function who({ process }: { readonly process: string }): string {
  return process === '*' ? 'whatever process reaches it' : process
}

function when(at: StrikeAt): string {
  return 'timeUs' in at ? `at ${time(at.timeUs)}` : `at ${at.point}, ${timeOfAll(at)}`
}

function timeOfAll(turn: Turn): string {
  return `the ${ordinal(turn.nth)} time ${among(turn) || 'in the run'}`
}

function call(turn: Turn, name: string): string {
  const which = among(turn)
  return `${ordinal(turn.nth)} ${name}${which === '' ? '' : ` ${which}`}`
}

const AT_DEPTH = ['in normal running', 'during a recovery', 'during the recovery from a failure in a recovery'] as const

/** Which of all are counted; empty: all of the run. */
function among({ who, depth }: Turn): string {
  return [who === undefined ? '' : `of ${who}`, depth === undefined ? '' : AT_DEPTH[depth]].filter((part) => part !== '').join(' ')
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
