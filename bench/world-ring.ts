/** The world's workload: a ring of 128 actors in as many processes, each passing on what it gets, 128 messages under way. */
import { mix, TimedDriver, World, type ActorRef, type Behavior, type Interference } from '../src/world/index.js'
import { PENDING } from './bare-loop.js'

interface Hop {
  readonly kind: 'hop'
  readonly count: number
}

interface Member {
  /** Absent only while the ring is set up. */
  readonly next: ActorRef<Hop> | undefined
}

const member: Behavior<{ passed: number }, Member, Hop> = {
  kind: 'ring-member',
  start: ({ next }, context) => {
    if (next !== undefined) context.send(next, { kind: 'hop', count: 0 })
    return { passed: 0 }
  },
  receive: ({ volatile, durable: { next } }, message, context) => {
    if (message.kind !== 'hop') return
    volatile.passed++
    context.reach('ring.pass')
    if (next !== undefined) context.send(next, { kind: 'hop', count: message.count + 1 })
  },
  digest: (message) => (message.kind === 'hop' ? mix(1, message.count) : 0),
}

/** A fault plan in which nothing is planned: it is asked at every step, as it is in a run with faults. */
const emptyPlan: Interference = {
  strikes: () => false,
  fails: () => false,
  outcome: () => 'done',
  transit: () => 0,
}

function ring(seed: string): { readonly world: World; readonly driver: TimedDriver } {
  const driver = new TimedDriver({ seed, latency: () => ({ minUs: 100, maxUs: 999 }), interference: emptyPlan })
  const world = new World({ driver })
  const refs = Array.from({ length: PENDING }, (_, i) =>
    world.add(world.process(`process ${i}`), member, `member ${i}`, { next: undefined }),
  )
  refs.forEach((ref, i) => world.setDurable(member, ref, { next: refs[(i + 1) % PENDING] }))
  refs.forEach((_, i) => driver.plan({ kind: 'start', process: i }, 0))
  return { world, driver }
}

/** Runs so many world steps and returns the trace hash. */
export function worldRing(seed: string, events: number): string {
  const { world, driver } = ring(seed)
  while (world.steps < events && driver.next(world));
  return world.traceHash()
}

/** What it costs to copy the ring in mid-run, driver and streams included, µs: the median of single forks. */
export function forkMicroseconds(seed: string): number {
  const { world, driver } = ring(seed)
  while (world.steps < 1_000 && driver.next(world));
  const costs = Array.from({ length: 501 }, () => {
    driver.next(world)
    const start = performance.now()
    driver.fork(world)
    return 1000 * (performance.now() - start)
  })
  return costs.sort((a, b) => a - b)[costs.length >> 1] ?? 0
}
