import { hashPlain, type Link, type World } from '../../world/index.js'

/** In what two worlds differ, by name; empty when they are the same. */
export function differences(one: World, other: World): string[] {
  const found: string[] = []
  const actors = Math.max(one.actors.length, other.actors.length)
  for (let i = 0; i < actors; i++) {
    const [a, b] = [one.actors[i], other.actors[i]]
    const name = `${(a ?? b)?.name ?? ''} (${(a ?? b)?.behavior.kind ?? ''})`
    if (a?.alive !== b?.alive || hashPlain(a?.state, 0) !== hashPlain(b?.state, 0)) found.push(`state of ${name}`)
    if (hashPlain(a?.elapsed, 0) !== hashPlain(b?.elapsed, 0)) found.push(`time of ${name}`)
    if (timersOf(one, i) !== timersOf(other, i)) found.push(`timers of ${name}`)
    if (sentBy(one, i) !== sentBy(other, i)) found.push(`messages of ${name}`)
  }
  return found
}

function timersOf(world: World, actor: number): string {
  const armed = (world.actors[actor]?.timers ?? []).filter((timer) => timer.armed)
  return armed
    .map(({ name, delayUs }) => `${name} ${delayUs}`)
    .sort()
    .join()
}

function sentBy(world: World, actor: number): string {
  const links = world.links.filter((link) => link !== undefined)
  return links
    .filter(({ from }) => from === actor)
    .map((link) => `${link.to} ${link.lane} ${link.watched} ${contentOf(link)}`)
    .sort()
    .join()
}

function contentOf(link: Link): string {
  const hashes: number[] = []
  for (let pending = link.first; pending !== undefined; pending = pending.next) hashes.push(hashPlain(pending.message, 0))
  return (link.unordered ? hashes.sort((a, b) => a - b) : hashes).join()
}
