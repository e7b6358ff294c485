/**
 * Two-phase commit with presumed abort, as an example of a protocol written for the world: a coordinator and participants,
 * each in a process of its own that may crash anywhere and start again. `docs/world.md` walks through it.
 */
import { hashPlain, mix, processRef, World, type ActorRef, type Behavior, type Context, type WorldOptions } from '../../src/world/index.js'
import type { Fold } from '../../src/check/index.js'

export type Decision = 'commit' | 'abort'

/** From the coordinator. */
interface Prepare {
  readonly kind: 'prepare'
}
interface Decide {
  readonly kind: 'decide'
  readonly decision: Decision
}
export type ToParticipant = Prepare | Decide

/** From the participants, who say which of them they are. */
interface Vote {
  readonly kind: 'vote'
  readonly from: number
  readonly yes: boolean
}
interface Inquire {
  readonly kind: 'inquire'
  readonly from: number
}
export type ToCoordinator = Vote | Inquire

/** Mistakes that implementations of the protocol make; the tests show that they are found. */
export type Mistake = 'sends-before-it-writes' | 'aborts-alone-on-restart'

/** What survives a crash of the coordinator. */
export interface CoordinatorLog {
  readonly participants: readonly ActorRef<ToParticipant>[]
  decision: Decision | undefined
}

/** Who has said yes so far, by participant. */
interface Votes {
  readonly yes: boolean[]
}

/** Asks everybody, decides, and tells everybody; a coordinator that finds no decision when it starts again aborts. */
export function coordinator(mistake?: Mistake): Behavior<Votes, CoordinatorLog, ToCoordinator> {
  return {
    kind: 'coordinator',
    start: (log, context) => {
      if (log.decision !== undefined) tellAll(log, log.decision, context)
      else if (context.incarnation > 1) decide(log, 'abort', context, mistake)
      else askAll(log, context)
      return { yes: log.participants.map(() => false) }
    },
    receive: ({ volatile: { yes }, durable: log }, message, context) => {
      switch (message.kind) {
        case 'vote':
          if (log.decision !== undefined) return
          yes[message.from] = message.yes
          if (!message.yes) decide(log, 'abort', context, mistake)
          else if (yes.every(Boolean)) decide(log, 'commit', context, mistake)
          return
        case 'inquire': {
          const participant = log.participants[message.from]
          // who asks before the decision is told when it is made
          if (log.decision !== undefined && participant !== undefined) context.send(participant, { kind: 'decide', decision: log.decision })
          return
        }
        case 'timer':
          if (log.decision === undefined) decide(log, 'abort', context, mistake)
          return
        case 'peer-down':
      }
    },
    digest: (message) => (message.kind === 'vote' ? mix(message.from, message.yes ? 1 : 2) : hashPlain(message, 0)),
  }
}

function askAll(log: CoordinatorLog, context: Context): void {
  for (const participant of log.participants) context.send(participant, { kind: 'prepare' })
  context.timer('vote-timeout', 20_000)
}

/** The decision is written down before anybody hears of it: who restarts must not decide again. */
function decide(log: CoordinatorLog, decision: Decision, context: Context, mistake: Mistake | undefined): void {
  context.cancel('vote-timeout')
  if (mistake === 'sends-before-it-writes') tellAll(log, decision, context)
  context.reach('coordinator.deciding')
  log.decision = decision
  context.reach('coordinator.decided')
  if (mistake !== 'sends-before-it-writes') tellAll(log, decision, context)
}

function tellAll(log: CoordinatorLog, decision: Decision, context: Context): void {
  for (const participant of log.participants) context.send(participant, { kind: 'decide', decision })
}

/** What survives a crash of a participant. */
export interface ParticipantLog {
  readonly index: number
  readonly coordinator: ActorRef<ToCoordinator>
  vote: 'yes' | 'no' | undefined
  decision: Decision | undefined
}

/** Votes once, and after a yes waits for the decision as long as it takes. */
export function participant(mistake?: Mistake): Behavior<null, ParticipantLog, ToParticipant> {
  return {
    kind: 'participant',
    start: (log, context) => {
      if (context.incarnation === 1 || log.decision !== undefined) return null
      if (mistake === 'aborts-alone-on-restart') conclude(log, 'abort', context)
      // what was on its way to the last incarnation is lost
      else context.send(log.coordinator, { kind: 'inquire', from: log.index })
      return null
    },
    receive: ({ durable: log }, message, context) => {
      // a late `prepare` may come behind the decision of the coordinator's next incarnation
      if (log.decision !== undefined) return
      if (message.kind === 'prepare') vote(log, context)
      else if (message.kind === 'decide') conclude(log, message.decision, context)
    },
    digest: (message) => hashPlain(message, 0),
  }
}

function vote(log: ParticipantLog, context: Context): void {
  const yes = context.choose('vote', 2) === 0
  log.vote = yes ? 'yes' : 'no'
  context.reach('participant.voted')
  context.send(log.coordinator, { kind: 'vote', from: log.index, yes })
  if (!yes) conclude(log, 'abort', context)
}

function conclude(log: ParticipantLog, decision: Decision, context: Context): void {
  log.decision = decision
  context.record?.({ kind: 'decided', participant: log.index, decision })
}

/** The system: one coordinator and so many participants, all running. */
export function twoPhaseCommit(options: WorldOptions, participants: number, mistake?: Mistake): World {
  const world = new World(options)
  const coordinating = coordinator(mistake)
  const head = world.add(world.process('coordinator'), coordinating, 'coordinator', { participants: [], decision: undefined })
  const refs = Array.from({ length: participants }, (_, index) => {
    const name = `participant ${index}`
    const log: ParticipantLog = { index, coordinator: head, vote: undefined, decision: undefined }
    return world.add(world.process(name), participant(mistake), name, log)
  })
  world.setDurable(coordinating, head, { participants: refs, decision: undefined })
  for (let process = participants; process >= 0; process--) world.start(processRef(process))
  return world
}

/** What the participants recorded, by participant. */
export interface Outcomes {
  readonly decisions: (Decision | undefined)[]
}

/** Judges by what was recorded alone: nobody decides differently, and in the end everybody has decided. */
export function agreement(participants: number): Fold<Outcomes> {
  return {
    init: () => ({ decisions: Array.from({ length: participants }, () => undefined) }),
    step: ({ decisions }, fact) => {
      if (isDecided(fact)) decisions[fact.participant] = fact.decision
    },
    verdict: ({ decisions }, terminal) => {
      const made = new Set(decisions.filter((decision) => decision !== undefined))
      if (made.size > 1) return `participants disagree: ${decisions.map((decision) => decision ?? 'nothing').join(', ')}`
      return terminal && decisions.includes(undefined) ? 'a participant never learns the decision' : undefined
    },
  }
}

interface Decided {
  readonly kind: 'decided'
  readonly participant: number
  readonly decision: Decision
}

function isDecided(fact: { readonly kind: string }): fact is Decided {
  return fact.kind === 'decided'
}
