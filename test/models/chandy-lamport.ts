/**
 * The distributed snapshot of Chandy and Lamport (Distributed Snapshots, 1985) over one token that travels, as specified in
 * `ChandyLamport.tla` (HelixDevelopment/helix_cluster): processes connected each with each by queues, one of them starts, markers
 * separate what belongs to the cut from what does not. The token comes to rest when the snapshot is complete.
 */
import { always, sometimes, type Model } from '../../src/check/index.js'

/** A queue from one process to another, and what its receiver has recorded of it. */
interface Channel {
  readonly queue: readonly ('marker' | 'token')[]
  /** The receiver writes down what arrives. */
  readonly recording: boolean
  /** The receiver has seen the marker. */
  readonly recorded: boolean
  readonly tokens: number
}

/** A process, and what it has recorded of itself. */
interface Process {
  readonly hasToken: boolean
  readonly recorded: boolean
  readonly tokens: number
}

/** `channels[from][to]`; the diagonal is never used. */
export interface SnapshotState {
  readonly processes: readonly Process[]
  readonly channels: readonly (readonly Channel[])[]
  readonly initiated: boolean
}

/** The disjuncts of the next-state relation. */
export type SnapshotAction =
  | { readonly kind: 'SendToken' | 'DeliverToken' | 'RecvMarker'; readonly from: number; readonly to: number }
  | { readonly kind: 'Initiate'; readonly from: number }

/** The algorithm among so many processes; under symmetry their names mean nothing, and the token starts at any of them. */
export function chandyLamport(count: number, symmetry = false): Model<SnapshotState, SnapshotAction> {
  const ids = Array.from({ length: count }, (_, id) => id)
  const pairs = ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => ({ from, to })))
  const permutations = symmetry ? permutationsOf(ids) : []
  return {
    name: `ChandyLamport(${count})${symmetry ? ' with symmetry' : ''}`,
    initial: () => [
      {
        processes: ids.map((id) => ({ hasToken: id === 0, recorded: false, tokens: 0 })),
        channels: ids.map(() => ids.map(() => ({ queue: [], recording: false, recorded: false, tokens: 0 }))),
        initiated: false,
      },
    ],
    actions: (state) => {
      const { processes, channels, initiated } = state
      const busy = !isComplete(state, pairs)
      const head = ({ from, to }: Pair) => channels[from]![to]!.queue[0]
      return [
        ...pairs.filter(({ from }) => busy && processes[from]!.hasToken).map((pair) => ({ kind: 'SendToken' as const, ...pair })),
        ...pairs.filter((pair) => busy && head(pair) === 'token').map((pair) => ({ kind: 'DeliverToken' as const, ...pair })),
        ...(initiated ? [] : ids.map((from) => ({ kind: 'Initiate' as const, from }))),
        ...pairs.filter((pair) => head(pair) === 'marker').map((pair) => ({ kind: 'RecvMarker' as const, ...pair })),
      ]
    },
    next,
    properties: [
      always('a complete snapshot has the token once', (state) => !isComplete(state, pairs) || recordedTokens(state) === 1),
      always('there is one token', (state) => liveTokens(state) === 1),
      sometimes('the cut has the token in a channel', (state) => {
        return isComplete(state, pairs) && state.channels.flat().some(({ tokens }) => tokens === 1)
      }),
    ],
    ...(symmetry && { canonical: (state: SnapshotState) => smallest(permutations.map((order) => permuted(state, order))) }),
  }
}

interface Pair {
  readonly from: number
  readonly to: number
}

function next(state: SnapshotState, action: SnapshotAction): SnapshotState {
  const { from } = action
  switch (action.kind) {
    case 'SendToken':
      return withChannel(withProcess(state, from, { hasToken: false }), from, action.to, ({ queue }) => ({ queue: [...queue, 'token'] }))
    case 'DeliverToken': {
      const arrived = withProcess(state, action.to, { hasToken: true })
      return withChannel(arrived, from, action.to, ({ queue, recording, tokens }) => {
        return { queue: queue.slice(1), tokens: recording ? tokens + 1 : tokens }
      })
    }
    case 'Initiate':
      return { ...record(state, from), initiated: true }
    case 'RecvMarker': {
      const taken = withChannel(state, from, action.to, ({ queue }) => ({ queue: queue.slice(1) }))
      const cut = state.processes[action.to]!.recorded ? taken : record(taken, action.to)
      return withChannel(cut, from, action.to, () => ({ recorded: true, recording: false }))
    }
  }
}

/** The process writes down what it has, sends markers everywhere, and begins to write down what arrives. */
function record(state: SnapshotState, id: number): SnapshotState {
  const own = withProcess(state, id, { recorded: true, tokens: state.processes[id]!.hasToken ? 1 : 0 })
  let after = own
  state.processes.forEach((_, other) => {
    if (other === id) return
    after = withChannel(after, id, other, ({ queue }) => ({ queue: [...queue, 'marker'] }))
    after = withChannel(after, other, id, () => ({ recording: true }))
  })
  return after
}

function withProcess(state: SnapshotState, id: number, changes: Partial<Process>): SnapshotState {
  return { ...state, processes: state.processes.with(id, { ...state.processes[id]!, ...changes }) }
}

function withChannel(state: SnapshotState, from: number, to: number, changes: (channel: Channel) => Partial<Channel>): SnapshotState {
  const row = state.channels[from]!
  const channel = row[to]!
  return { ...state, channels: state.channels.with(from, row.with(to, { ...channel, ...changes(channel) })) }
}

function isComplete({ processes, channels, initiated }: SnapshotState, pairs: readonly Pair[]): boolean {
  return initiated && processes.every(({ recorded }) => recorded) && pairs.every(({ from, to }) => channels[from]![to]!.recorded)
}

function recordedTokens({ processes, channels }: SnapshotState): number {
  return [...processes, ...channels.flat()].reduce((sum, { tokens }) => sum + tokens, 0)
}

function liveTokens({ processes, channels }: SnapshotState): number {
  const moving = channels.flat().flatMap(({ queue }) => queue.filter((symbol) => symbol === 'token'))
  return processes.filter(({ hasToken }) => hasToken).length + moving.length
}

/** A channel refers to two processes, so that there is no sorting: the smallest of all renamings it is. */
function smallest(states: readonly SnapshotState[]): SnapshotState {
  const texts = states.map((state) => JSON.stringify(state))
  return states[texts.indexOf([...texts].sort()[0]!)]!
}

function permuted({ processes, channels, initiated }: SnapshotState, order: readonly number[]): SnapshotState {
  return {
    processes: order.map((id) => processes[id]!),
    channels: order.map((from) => order.map((to) => channels[from]![to]!)),
    initiated,
  }
}

function permutationsOf(ids: readonly number[]): number[][] {
  if (ids.length === 0) return [[]]
  return ids.flatMap((id) => permutationsOf(ids.filter((other) => other !== id)).map((rest) => [id, ...rest]))
}
