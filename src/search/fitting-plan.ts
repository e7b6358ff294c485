/**
 * Refuses a plan of faults with a slip before anything is run: a fault that can never strike tests nothing, and the run that has it
 * would be green.
 */
import type { JobGraph } from '../engine/index.js'
import { CALL_OUTCOMES, isCrash, turnOf, type Fault, type FaultPlan } from '../faults/index.js'
import { InputError } from '../flink/input-error.js'
import { didYouMean } from '../flink/nearest-name.js'
import type { World } from '../world/index.js'
import { LATE_CALLS } from './failpoint-catalogue.js'
import { misnamedIn, neverLateIn, parsePlan } from './plan-names.js'
import type { JobSetUp } from './scenario.js'
import { takerNames } from './taker.js'

/** Whichever process takes the step. */
const WHOEVER = '*'

/**
 * The value as a plan, each fault of which has the form of one and waits for something that there is. Code of the user's own may have
 * failpoints of its own, whose names begin with another word than those of millrace.
 * @param where what the plan is called in a message
 * @param known whether there is no such code
 * @throws InputError when it is none
 */
export function checkedPlan(value: unknown, where = 'plan', known: 'only-known' | 'own-too' = 'own-too'): FaultPlan {
  const { plan, problem } = parsePlan(value)
  if (plan === undefined) throw new InputError(`${where} $${problem.path}`, problem.message, allowedAt(problem.path))
  const [early] = neverLateIn(plan)
  if (early !== undefined)
    throw new InputError(`${where} $.${String(early.place)}.outcome`, `${early.point} cannot be applied later`, LATE_CALLS.join(', '))
  refuseEmptySpans(plan, where)
  const wrong = misnamedIn(plan).find((each) => known === 'only-known' || !mayBeOwn(each.name, each.known))
  if (wrong === undefined) return plan
  const { place, name } = wrong
  throw unknownName(`${where} $.${String(place)}`, `there is no failpoint '${name}' for this kind of fault`, name, wrong.known)
}

function mayBeOwn(name: string, known: readonly string[]): boolean {
  const [room, ...others] = name.split('.')
  return others.length > 0 && !known.some((each) => each.startsWith(`${room ?? ''}.`))
}

function refuseEmptySpans(plan: FaultPlan, where: string): void {
  plan.forEach((fault, place) => {
    if (fault.kind !== 'slow' || fault.untilUs >= fault.fromUs) return
    const from = String(fault.fromUs)
    throw new InputError(`${where} $.${String(place)}.untilUs`, `is before ${from}, when it begins`, `whole µs from ${from} on`)
  })
}

/**
 * Checks the names of processes in a plan, and of those who take its steps. What a smaller job does without may be named, as in the
 * whole one, but for a strike at a time, which needs its process.
 * @param whole the job before it was made smaller
 * @throws InputError when a fault names one that there is not
 */
export function refuseUnknownNames(plan: FaultPlan, { processes }: World, whole: JobSetUp, graph: JobGraph): void {
  if (plan.length === 0) return
  const present = processes.map(({ name }) => name)
  const ofWhole = [...new Set([...present, ...taskManagersOf(whole)])]
  const takers = (): string[] => [...new Set([...ofWhole, ...takerNames(whole.graph), ...takerNames(graph)])]
  plan.forEach((fault, place) => {
    const known = isAtATime(fault) ? present : ofWhole
    for (const { member, name, mayBeAny } of processesIn(fault)) {
      if (known.includes(name) || (mayBeAny && name === WHOEVER)) continue
      const any = mayBeAny ? [WHOEVER] : []
      throw unknownName(`plan $.${String(place)}.${member}`, `there is no process '${name}'`, name, [...known, ...any])
    }
    const { who } = turnOf(fault) ?? {}
    if (who === undefined || takers().includes(who)) return
    throw unknownName(`plan $.${String(place)}${'at' in fault ? '.at' : ''}.who`, `nobody in the job is called '${who}'`, who, takers())
  })
}

function taskManagersOf({ cluster }: JobSetUp): string[] {
  return Array.from({ length: cluster.taskManagers }, (_, i) => `TaskManager-${String(i)}`)
}

function unknownName(where: string, what: string, name: string, known: readonly string[]): InputError {
  return new InputError(where, what + didYouMean(name, known), known.join(', '))
}

/** A process that a fault names, and whether it may be whichever takes the step. */
interface NamedProcess {
  readonly member: string
  readonly name: string
  readonly mayBeAny: boolean
}

function processesIn(fault: Fault): NamedProcess[] {
  const named: NamedProcess[] = []
  if ('process' in fault) named.push({ member: 'process', name: fault.process, mayBeAny: 'at' in fault && 'point' in fault.at })
  if ('other' in fault) named.push({ member: 'other', name: fault.other, mayBeAny: false })
  if ('others' in fault) named.push(...fault.others.map((name, i) => ({ member: `others.${String(i)}`, name, mayBeAny: false })))
  return named
}

/** A strike that waits in the schedule for its time, and then needs its process. */
function isAtATime(fault: Fault): boolean {
  return (isCrash(fault) || fault.kind === 'disconnect' || fault.kind === 'pause') && 'timeUs' in fault.at
}

/** What the members of faults may be. */
const ALLOWED: Readonly<Record<string, string>> = {
  nth: 'a whole number from 1 on',
  depth: '0, 1 or 2',
  outcome: CALL_OUTCOMES.join(', '),
  direction: 'both, from, to',
  byUs: 'whole µs, negative for a clock that is behind',
  gridUs: 'whole µs from 1 to 1000000',
  at: 'a time in whole µs from 0 on, or a failpoint and a turn',
}

function allowedAt(path: string): string {
  const member = path.split('.').at(-1) ?? ''
  return ALLOWED[member] ?? (member.endsWith('Us') ? 'whole µs from 0 on' : 'an array of faults; docs/command-line.md shows one')
}
