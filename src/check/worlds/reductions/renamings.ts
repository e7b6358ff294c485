/** The permutations of processes that are interchangeable, as far as their set-up and the rules of the exploration allow. */
import type { World } from '../../../world/index.js'
import type { Exploration } from '../exploration.js'
import type { Renaming } from './mirror.js'
import { NotInterchangeable } from './pairs.js'

/** Interchangeable processes, at most: n of them have n! permutations, and each has tables of its own. */
export const MOST_INTERCHANGEABLE = 5

type Rules = Pick<Exploration<never>, 'interchangeable' | 'mayCrash' | 'mayDisconnect'>

/**
 * All but the one that changes nothing.
 * @throws RangeError where there is no such process, one is named twice, or there are too many
 */
export function renamings(world: World, rules: Rules): Renaming[] {
  const { interchangeable: names = [] } = rules
  if (names.length > MOST_INTERCHANGEABLE)
    throw new RangeError(`symmetry of ${names.length} processes; up to ${MOST_INTERCHANGEABLE} can be interchangeable`)
  if (new Set(names).size < names.length) throw new RangeError(`symmetry of ${names.join(', ')}: each of them once`)
  const processes = names.map((name) => processNamed(world, name))
  const inside = processes.map((process) => world.actors.flatMap((actor, place) => (actor.process === process ? [place] : [])))
  const found = ordersOf(names.map((_, index) => index))
    .slice(1)
    .map((order) => ({
      order,
      processes: new Map(order.map((to, from) => [processes[from] ?? -1, processes[to] ?? -1])),
      actors: new Map(order.flatMap((to, from) => (inside[from] ?? []).map((place, i) => [place, counterpart(inside[to], i)] as const))),
    }))
  for (const renaming of found) refuseUnlike(world, rules, renaming)
  return found
}

function processNamed(world: World, name: string): number {
  const index = world.processes.findIndex((process) => process.name === name)
  if (index < 0) throw new RangeError(`there is no process ${name}`)
  return index
}

function counterpart(places: readonly number[] | undefined, i: number): number {
  const place = places?.[i]
  if (place === undefined) throw new NotInterchangeable('processes are set up with different actors')
  return place
}

/** All orders of these, as they are first. */
function ordersOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item) => ordersOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}

/** What may happen to a process may happen to the one whose place it takes. */
function refuseUnlike(world: World, { mayCrash, mayDisconnect }: Rules, { processes }: Renaming): void {
  const all = world.processes.map((_, process) => process)
  const image = (process: number): number => processes.get(process) ?? process
  const name = (process: number): string => world.processes[process]?.name ?? ''
  const breaks = (one: number, other: number): boolean => mayDisconnect?.(name(Math.min(one, other)), name(Math.max(one, other))) ?? true
  for (const process of all) {
    if (mayCrash !== undefined && mayCrash(name(process)) !== mayCrash(name(image(process))))
      throw new NotInterchangeable(`only one of ${name(process)} and ${name(image(process))} may crash`)
    for (const other of all)
      if (other !== process && breaks(process, other) !== breaks(image(process), image(other)))
        throw new NotInterchangeable(`the connection of ${name(process)} and ${name(other)} breaks otherwise than its image`)
  }
}
