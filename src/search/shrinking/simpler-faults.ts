/** Makes each fault of a plan simpler: at a named step instead of a time, earlier, shorter, narrower, or of a simpler kind. */
import { isCrash, type CallFault, type Fault, type StrikeAt } from '../../faults/index.js'
import type { Reach, ReachLog } from '../reach-log.js'
import { atTurn, turnOf } from './moved-faults.js'
import { isOnMenu } from './on-menu.js'
import type { Pass, Shown } from './pass.js'

/** Steps around a time that are tried instead of it. */
const NEAREST = 8
/** What lasts no longer than this is short enough, µs. */
const SHORT_US = 1000

/** One fault after the other; of what can be said more simply, the first that shows the anomaly. */
export const simplerFaults: Pass = function* (best) {
  for (let index = 0; index < best.experiment.plan.length; index++) {
    for (let simpler = candidates(best.experiment.plan[index], best); simpler.length > 0;) {
      const [first, ...others] = simpler
      if (first === undefined) break
      const trial = yield { ...best.experiment, plan: best.experiment.plan.with(index, first) }
      best = trial.best
      simpler = trial.shows ? candidates(first, best) : others
    }
  }
}

function candidates(fault: Fault | undefined, { reached, menu }: Shown): Fault[] {
  if (fault === undefined) return []
  const all = [...simplerKinds(fault, reached), ...atSteps(fault, reached), ...earlier(fault), ...shorter(fault), ...narrower(fault)]
  return all.filter((each) => isOnMenu(each, menu))
}

/** A fault that says less and may do the same. */
function simplerKinds(fault: Fault, { all }: ReachLog): Fault[] {
  switch (fault.kind) {
    case 'host-loss':
      return [{ ...fault, kind: 'crash' }]
    case 'call':
      return simplerCalls(fault)
    case 'rpc':
      return fault.delayUs === undefined ? [] : [{ kind: 'rpc', rpc: fault.rpc, nth: fault.nth }]
    case 'detour': {
      const { rpc, nth, delayUs } = fault
      return fault.repeated
        ? []
        : [
            { kind: 'rpc', rpc, nth },
            { kind: 'rpc', rpc, nth, delayUs },
          ]
    }
    case 'slow': {
      const { process, fromUs, untilUs, extraUs: delayUs } = fault
      const calls = all.filter((reach) => reach.kind === 'rpc' && reach.process === process && isWithin(reach, fromUs, untilUs))
      return calls.slice(0, NEAREST).map(({ point, nth }) => ({ kind: 'rpc', rpc: point, nth, delayUs }))
    }
    case 'partition':
    case 'pause': {
      const { process, at: when } = fault
      const fromUs = 'timeUs' in when ? when.timeUs : all.find(({ point, nth }) => point === when.point && nth === when.nth)?.timeUs
      if (fromUs === undefined) return []
      const calls = all.filter(
        (reach) => reach.kind === 'rpc' && reach.process === process && isWithin(reach, fromUs, fromUs + fault.forUs),
      )
      return calls.slice(0, NEAREST).map(({ point, nth }) => ({ kind: 'rpc', rpc: point, nth }))
    }
    default:
      return []
  }
}

/** Told that it failed; and what comes to pass later does so at once, or never. */
function simplerCalls({ delayUs: _, ...fault }: CallFault): CallFault[] {
  switch (fault.outcome) {
    case 'failed':
      return []
    case 'unknown-later':
      return (['failed', 'unknown-applied', 'unknown-lost'] as const).map((outcome) => ({ ...fault, outcome }))
    default:
      return [{ ...fault, outcome: 'failed' }]
  }
}

function isWithin({ timeUs }: Reach, fromUs: number, untilUs: number): boolean {
  return timeUs >= fromUs && timeUs < untilUs
}

/** At the steps nearest to its time that its process takes. */
function atSteps(fault: Fault, { all }: ReachLog): Fault[] {
  if (!('at' in fault) || !('process' in fault) || !('timeUs' in fault.at)) return []
  const { timeUs } = fault.at
  const distance = (reach: Reach): number => Math.abs(reach.timeUs - timeUs)
  const steps = all.filter(({ kind, process }) => kind === 'step' && process === fault.process)
  const nearest = steps.toSorted((a, b) => distance(a) - distance(b)).slice(0, NEAREST)
  const process = isCrash(fault) ? { process: '*' } : {}
  return nearest.map(({ point, nth }) => ({ ...fault, ...process, at: { point, nth } }))
}

/** At an earlier occurrence, the earliest first; at a rounder time. */
function earlier(fault: Fault): Fault[] {
  const turn = turnOf(fault)
  if (turn !== undefined) {
    const { nth } = turn
    const fewer = [...new Set([1, 2, 3, nth >> 2, nth >> 1, nth - 2, nth - 1])].filter((n) => n > 0 && n < nth)
    return fewer.map((n) => atTurn(fault, n))
  }
  if (!('at' in fault) || !('timeUs' in fault.at)) return []
  const { timeUs } = fault.at
  const round = [100_000, 10_000, 1000].map((unit) => timeUs - (timeUs % unit))
  return round.filter((us) => us < timeUs).map((us) => atTime(fault, us))
}

function atTime(fault: Fault, timeUs: number): Fault {
  const when: StrikeAt = { timeUs }
  return 'at' in fault ? { ...fault, at: when } : fault
}

/** For a shorter time. */
function shorter(fault: Fault): Fault[] {
  switch (fault.kind) {
    case 'crash':
    case 'host-loss':
    case 'hang':
      return shorterTimes(fault.downUs).map((downUs) => ({ ...fault, downUs }))
    case 'call':
    case 'rpc': {
      const { delayUs } = fault
      return delayUs === undefined ? [] : shorterTimes(delayUs).map((us) => ({ ...fault, delayUs: us }))
    }
    case 'detour':
      return shorterTimes(fault.delayUs).map((delayUs) => ({ ...fault, delayUs }))
    case 'slow': {
      const { fromUs, untilUs, extraUs } = fault
      const middle = Math.floor((fromUs + untilUs) / 2)
      const halves: Fault[] =
        middle - fromUs < SHORT_US
          ? []
          : [
              { ...fault, untilUs: middle },
              { ...fault, fromUs: middle },
            ]
      return [...halves, ...shorterTimes(extraUs).map((us) => ({ ...fault, extraUs: us }))]
    }
    case 'skew':
      return shorterTimes(Math.abs(fault.byUs)).map((byUs) => ({ ...fault, byUs: Math.sign(fault.byUs) * byUs }))
    case 'partition':
    case 'pause':
    case 'calm':
      return shorterTimes(fault.forUs).map((forUs) => ({ ...fault, forUs }))
    default:
      return []
  }
}

/** The shortest, then the half; in whole milliseconds. */
function shorterTimes(us: number): number[] {
  const half = Math.ceil(us / 2 / SHORT_US) * SHORT_US
  const whole = Math.floor(us / SHORT_US) * SHORT_US
  return [...new Set([SHORT_US, half, whole])].filter((shorterUs) => shorterUs >= SHORT_US && shorterUs < us)
}

/** Of fewer connections or messages. */
function narrower(fault: Fault): Fault[] {
  if (fault.kind !== 'partition') return []
  const { others, direction, lossy } = fault
  return [
    ...(others.length > 1 ? others.map((other): Fault => ({ ...fault, others: [other] })) : []),
    ...(direction === 'both' ? (['from', 'to'] as const).map((one): Fault => ({ ...fault, direction: one })) : []),
    ...(lossy ? [{ ...fault, lossy: false }] : []),
  ]
}
