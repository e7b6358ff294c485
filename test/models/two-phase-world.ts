/**
 * Two-phase commit as a world of actors, state for state the specification `TwoPhase.tla` (tlaplus/Examples): what a resource manager
 * or the transaction manager does by itself is a timer of its own, and who has come to its end stops.
 */
import { anyRef, processRef, World, type ActorRef, type Behavior, type WorldOptions } from '../../src/world/index.js'
import type { Exploration, Fold } from '../../src/check/index.js'

interface Prepared {
  readonly kind: 'prepared'
  readonly from: number
}

interface Decided {
  readonly kind: 'commit' | 'abort'
}

/** It lasts beyond the end of the transaction manager. */
interface Transaction {
  managers: readonly ActorRef<Decided>[]
  readonly prepared: boolean[]
  decision: 'commit' | 'abort' | undefined
}

/** Likewise of a resource manager. */
interface Resource {
  readonly index: number
  readonly transactionManager: ActorRef<Prepared>
  state: 'working' | 'prepared' | 'committed' | 'aborted'
  /** It has told so, which stays true when it ends. */
  told: boolean
}

const transactionManager: Behavior<null, Transaction, Prepared> = {
  kind: 'transaction-manager',
  start: (_durable, context) => {
    context.timer('abort', 1)
    return null
  },
  receive: ({ durable }, message, context) => {
    if (message.kind === 'prepared') {
      durable.prepared[message.from] = true
      if (durable.prepared.every(Boolean)) context.timer('commit', 1)
      return
    }
    if (message.kind !== 'timer') return
    const kind = message.name === 'commit' ? 'commit' : 'abort'
    durable.decision = kind
    for (const manager of durable.managers) context.send(manager, { kind })
    context.stop(anyRef(context.self))
  },
  digest: () => 0,
}

const resourceManager: Behavior<null, Resource, Decided> = {
  kind: 'resource-manager',
  start: (_durable, context) => {
    context.timer('prepare', 1)
    context.timer('abort', 1)
    return null
  },
  receive: ({ durable }, message, context) => {
    if (message.kind === 'timer' && message.name === 'prepare') {
      durable.state = 'prepared'
      durable.told = true
      context.cancel('abort')
      context.send(durable.transactionManager, { kind: 'prepared', from: durable.index })
      return
    }
    durable.state = message.kind === 'commit' ? 'committed' : 'aborted'
    context.record?.({ kind: durable.state })
    context.stop(anyRef(context.self))
  },
  digest: () => 0,
}

/** What was decided anywhere. */
interface Seen {
  committed: boolean
  aborted: boolean
}

/** `TCConsistent`: nobody commits what somebody aborts. */
const consistent: Fold<Seen> = {
  init: () => ({ committed: false, aborted: false }),
  step: (seen, { kind }) => {
    if (kind === 'committed') seen.committed = true
    else seen.aborted = true
  },
  verdict: ({ committed, aborted }) => (committed && aborted ? 'committed and aborted' : undefined),
}

/** So many resource managers, in every order. */
export function twoPhaseWorld(managers: number): Exploration<Seen> {
  return { build: (options) => built(options, managers), fold: consistent }
}

function built(options: WorldOptions, count: number): World {
  const world = new World(options)
  const process = world.process('all')
  const transaction: Transaction = { managers: [], prepared: Array.from({ length: count }, () => false), decision: undefined }
  const head = world.add(process, transactionManager, 'TM', transaction)
  const managers = Array.from({ length: count }, (_, index) =>
    world.add(process, resourceManager, `RM ${index}`, { index, transactionManager: head, state: 'working', told: false }),
  )
  world.setDurable(transactionManager, head, { ...transaction, managers })
  world.start(processRef(0))
  return world
}
