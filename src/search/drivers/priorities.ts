/**
 * Priorities of actors and links, after PCT (Burckhardt, Kothari, Musuvathi, Nagarakatti: A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs, 2010), for a world with virtual time. There a scheduler runs whatever has the highest priority; here two
 * messages may be swapped only as far as their latencies allow. So whoever has a low priority is *late*: each message from or to a late
 * actor, and each on a late link, takes the longest that its link allows; all others take the shortest. Of two messages whose ranges of
 * arrival overlap, the one in time then always comes first. At a change point a link is late where it was in time, or the other way round.
 *
 * What is late follows from the seed and the name of the link alone, so that a choice added elsewhere shifts nothing, and forks of a run
 * share it. Timers, work and other choices are as the seed draws them.
 */
import { overriding, Stream, type Chooser, type Override } from '../../world/index.js'

/** How priorities are given out in a run: data, part of the name of the run. */
export interface Priorities {
  /** One of so many actors and one of so many links are late. */
  readonly lateOneIn: number
  /** One of so many messages is a change point of its link; 0: none is. */
  readonly changeOneIn: number
}

/** From every second actor and link to one of a cluster's. */
const LATE = [2, 4, 8, 16, 32] as const

/** From changes on each busy link to one in a run; and none, in every third run. */
const CHANGES = [0, 0, 0, 0, 64, 256, 512, 1024, 2048, 4096, 8192, 16_384] as const

/** Draws how many are late and how often that changes: neither is known to suit a bug, so every order of magnitude has its turn. */
export function drawPriorities(stream: Stream): Priorities {
  return { lateOneIn: LATE[stream.below(LATE.length)] ?? 2, changeOneIn: CHANGES[stream.below(CHANGES.length)] ?? 0 }
}

/** Decides the latencies of a run by priorities, and nothing else. */
export function byPriority(seed: string, { lateOneIn, changeOneIn }: Priorities): Chooser {
  const isLate = (what: string): boolean => new Stream(seed, `priority/${what}`).below(lateOneIn) === 0
  const links = new Map<string, LinkPriority | undefined>()
  const priorityOf = (stream: string): LinkPriority | undefined => {
    const [kind, from = '', to = ''] = stream.split('/')
    if (kind !== 'link') return undefined
    const late = isLate(stream) || isLate(`actor/${from}`) || isLate(`actor/${to}`)
    const behind = changeOneIn === 0 ? 0 : new Stream(seed, `priority/change/${stream}`).below(changeOneIn)
    return { late, behind }
  }
  return (stream, ordinal, n, drawn) => {
    let link = links.get(stream)
    if (link === undefined && !links.has(stream)) links.set(stream, (link = priorityOf(stream)))
    if (link === undefined) return drawn
    const changes = changeOneIn === 0 ? 0 : Math.floor((ordinal + link.behind) / changeOneIn)
    return (changes % 2 === 0) === link.late ? n - 1 : 0
  }
}

/** Decides as the overrides of a run say, elsewhere by its priorities; undefined when it has neither. */
export function decidingChoices(run: {
  readonly seed: string
  readonly overrides?: readonly Override[]
  readonly priorities?: Priorities
}): Chooser | undefined {
  const override = overriding(run.overrides ?? [])
  const prioritise = run.priorities && byPriority(run.seed, run.priorities)
  if (override === undefined || prioritise === undefined) return override ?? prioritise
  return (stream, ordinal, n, drawn) => override(stream, ordinal, n, prioritise(stream, ordinal, n, drawn))
}

interface LinkPriority {
  /** Before its first change point. */
  readonly late: boolean
  /** How many messages the first change point comes earlier than one interval. */
  readonly behind: number
}

/** One sentence for a report. */
export function prioritiesInWords({ lateOneIn, changeOneIn }: Priorities): string {
  const changes = changeOneIn === 0 ? '' : `, with a change at one message in ${String(changeOneIn)}`
  return `messages of one actor in ${String(lateOneIn)}, and of one link in ${String(lateOneIn)}, are as late as can be, the others as early${changes}`
}
