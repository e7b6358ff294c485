import { areConnected, processRef, type AnyMessage, type Link, type Pending, type Timer, type World } from '../../world/index.js'
import { mayFire, mayFireAtLast, spendTimer, type Budgets, type Spent } from './budgets.js'

/** Something that can happen next, by position in the world, so that it means the same in a fork. */
export type Action =
  | { readonly kind: 'deliver'; readonly link: number; readonly position: number }
  | { readonly kind: 'fire'; readonly actor: number; readonly timer: number }
  | { readonly kind: 'crash' | 'start'; readonly process: number }
  | { readonly kind: 'suspect'; readonly link: number }
  | { readonly kind: 'disconnect'; readonly process: number; readonly other: number }

/** What limits the actions besides the world itself. */
export interface ActionRules {
  readonly budgets: Budgets
  /** A timer waits for a shorter one that the same actor armed no later. */
  readonly timersInOrder: boolean
  mayCrash(process: string): boolean
  mayDisconnect(one: string, other: string): boolean
}

/** Deliveries, timers, restarts and crashes that are possible now, in an order that depends on the world only. */
export function enabledActions(world: World, spent: Spent, rules: ActionRules): Action[] {
  const actions: Action[] = []
  world.links.forEach((link, index) => {
    let position = 0
    link?.forEachTakeable(() => actions.push({ kind: 'deliver', link: index, position: position++ }))
  })
  world.actors.forEach(({ timers }, actor) => {
    timers.forEach((timer, index) => {
      if (canFire(timer, timers, spent, rules)) actions.push({ kind: 'fire', actor, timer: index })
    })
  })
  const crashesLeft = spent.crashes < (rules.budgets.crashes ?? 0)
  world.processes.forEach(({ name, alive, incarnation }, process) => {
    if (alive && crashesLeft && rules.mayCrash(name)) actions.push({ kind: 'crash', process })
    if (!alive && incarnation > 0) actions.push({ kind: 'start', process })
  })
  if (spent.disconnects < (rules.budgets.disconnects ?? 0)) actions.push(...disconnects(world, rules))
  if (spent.suspicions < (rules.budgets.suspicions ?? 0)) {
    world.links.forEach((link, index) => {
      if (link?.heartbeat !== undefined && link.open) actions.push({ kind: 'suspect', link: index })
    })
  }
  return isTerminal(actions) ? [...actions, ...lastFirings(world, spent, rules)] : actions
}

function lastFirings({ actors }: World, spent: Spent, { budgets }: ActionRules): Action[] {
  if (budgets.lazyTimers === undefined && budgets.reserves === undefined) return []
  return actors.flatMap(({ timers }, actor) =>
    timers.flatMap(({ armed, name }, timer) =>
      armed && mayFireAtLast(budgets, spent, name) ? [{ kind: 'fire' as const, actor, timer }] : [],
    ),
  )
}

function disconnects(world: World, rules: ActionRules): Action[] {
  return world.processes.flatMap(({ name }, process) =>
    world.processes.flatMap((peer, other) =>
      process < other && rules.mayDisconnect(name, peer.name) && areConnected(world, processRef(process), processRef(other))
        ? [{ kind: 'disconnect' as const, process, other }]
        : [],
    ),
  )
}

/** Whether the run could end here: all that can still happen is a fault. */
export function isTerminal(actions: readonly Action[]): boolean {
  return actions.every(({ kind }) => kind === 'crash' || kind === 'disconnect' || kind === 'suspect')
}

function canFire(timer: Timer, timers: readonly Timer[], spent: Spent, rules: ActionRules): boolean {
  if (!timer.armed || !mayFire(rules.budgets, spent, timer.name)) return false
  return !rules.timersInOrder || !timers.some((other) => firesBefore(other, timer) && mayFire(rules.budgets, spent, other.name))
}

/** Whether the one is surely due before the other: shorter, and armed no later. */
export function firesBefore(one: Timer, other: Timer): boolean {
  return one.armed && one.delayUs < other.delayUs && one.armedAt <= other.armedAt
}

/** Makes the action happen in this world. What it spends is added. */
export function perform(world: World, action: Action, spent: Spent, budgets: Budgets): void {
  switch (action.kind) {
    case 'deliver': {
      const message = messageOf(world, action.link, action.position)
      if (message !== undefined) world.deliver(message)
      return
    }
    case 'fire': {
      const timer = world.actors[action.actor]?.timers[action.timer]
      if (timer === undefined) return
      spendTimer(budgets, spent, timer.name)
      world.fire(timer)
      return
    }
    case 'crash':
      spent.crashes++
      world.crash(processRef(action.process))
      return
    case 'start':
      world.start(processRef(action.process))
      return
    case 'disconnect':
      spent.disconnects++
      world.disconnect(processRef(action.process), processRef(action.other))
      return
    case 'suspect':
      spent.suspicions++
      suspect(world, world.links[action.link])
  }
}

function suspect(world: World, link: Link | undefined): void {
  if (link === undefined) return
  const { from: peer, to: watcher, lane } = link
  world.suspect({ watcher, peer, incarnation: world.actors[peer]?.incarnation ?? 0, lane })
}

/** The action in words, for the world in which it is about to happen. */
export function describeAction(world: World, action: Action): string {
  return inWords(world, action, JSON.stringify)
}

/** Likewise, but of a message only its kind: more than one action may be called so. */
export function callAction(world: World, action: Action): string {
  return inWords(world, action, ({ kind }) => kind)
}

function inWords(world: World, action: Action, told: (message: AnyMessage) => string): string {
  switch (action.kind) {
    case 'deliver': {
      const pending = messageOf(world, action.link, action.position)
      const link = world.links[action.link]
      return `${nameOf(world, link?.from)} -> ${nameOf(world, link?.to)}: ${pending === undefined ? '' : told(pending.message)}`
    }
    case 'fire':
      return `${nameOf(world, action.actor)}: timer ${world.actors[action.actor]?.timers[action.timer]?.name ?? ''}`
    case 'suspect': {
      const link = world.links[action.link]
      return `${nameOf(world, link?.to)} suspects ${nameOf(world, link?.from)}`
    }
    case 'disconnect':
      return `processes ${world.processes[action.process]?.name ?? ''} and ${world.processes[action.other]?.name ?? ''} are disconnected`
    default:
      return `${action.kind} of process ${world.processes[action.process]?.name ?? ''}`
  }
}

function nameOf(world: World, actor: number | undefined): string {
  return actor === undefined ? '' : (world.actors[actor]?.name ?? '')
}

function messageOf(world: World, link: number, position: number): Pending | undefined {
  let pending = world.links[link]?.first
  for (let i = 0; i < position; i++) pending = pending?.next
  return pending
}
