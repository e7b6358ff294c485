/** A world of actors, as one worker explores it: with parts and remembered steps of its own, which others know by their content only. */
import { MAX_ACTIONS } from '../predecessors.js'
import type { Exploration } from '../worlds/exploration.js'
import { InternedWorld } from '../worlds/interned-world.js'
import { RowActions, rulesOf } from '../worlds/row-actions.js'
import { RowQueue, type Spill } from '../worlds/row-queue.js'
import { RowSteps } from '../worlds/row-steps.js'
import { StateJudge } from '../worlds/state-judge.js'
import { isCompared, WorldWays } from '../worlds/world-ways.js'
import type { Explorer, Located, Offer } from './explorer.js'
import type { Finding, Note } from './protocol.js'
import type { SharedWays } from './shared-ways.js'

/** What to explore, and what listeners beside it have heard. */
export interface ExploredWorld<F> {
  readonly exploration: Exploration<F>
  /** What was heard so far, in words; asked after every state, so that its number must be known at once. */
  readonly heard?: { readonly size: number; all(): readonly string[] }
}

export class WorldExplorer<F> implements Explorer {
  generated = 0
  mark: Explorer['mark']
  private readonly interned: InternedWorld<F>
  private readonly steps: RowSteps
  private readonly ways: WorldWays<F>
  private readonly judgement: StateJudge<F>
  private readonly queues: Readonly<Record<'kept' | 'received', RowQueue>>
  private noted = 0
  /** The way that was walked last: its rows, by depth. */
  private walked: { readonly ordinal: number; readonly row: Int32Array }[] = []

  constructor(
    private readonly explored: ExploredWorld<F>,
    private readonly offer: Offer,
    ways: SharedWays,
    spill: Spill | undefined,
  ) {
    const { exploration } = explored
    this.interned = new InternedWorld(exploration, true)
    this.steps = new RowSteps(this.interned, new RowActions(this.interned.world, this.interned.parts, rulesOf(exploration, this.interned)))
    this.ways = new WorldWays(exploration, this.interned, this.steps, ways)
    this.judgement = new StateJudge(exploration, this.interned, () => this.ways.here().world)
    this.queues = { kept: new RowQueue(spill), received: new RowQueue() }
  }

  begin(): Finding | undefined {
    let ordinal = 0
    for (const taken of this.ways.successors.roots()) {
      this.generated++
      if (ordinal >= MAX_ACTIONS) return failed(`the world may be set up in more ways than can be numbered (${MAX_ACTIONS})`)
      if (taken.state === undefined) return failed(taken.defect ?? '')
      this.interned.takeApart(taken.state)
      this.arrive(ordinal++)
    }
    return undefined
  }

  expand(number: number, source: 'kept' | 'received'): Located | undefined {
    const finding = this.judge(source) ?? this.takeSteps(number)
    return finding && { ordinal: -1, finding }
  }

  judge(source: 'kept' | 'received'): Finding | undefined {
    const { steps, judgement } = this
    this.queues[source].pop(this.interned.row)
    steps.actions.find()
    const { terminal } = steps.actions
    this.mark = terminal ? 'terminal' : undefined
    steps.actions.noteBranches()
    const reason = judgement.judge(terminal)
    return reason === undefined ? undefined : { kind: 'wrong', reason, faults: judgement.faults }
  }

  drop(): void {
    this.queues.kept.pop(this.interned.row)
  }

  receive(ordinals: readonly number[], high: number, low: number): boolean {
    const { row } = this.interned
    const numbers = this.walk(ordinals)
    row.load(numbers, 0)
    this.queues.received.push(0, row)
    return row.high === high && row.low === low
  }

  endLevel(): void {
    this.walked = []
  }

  notes(): readonly Note[] {
    const { outcomes, unseen } = this.judgement
    const { branched } = this.steps.actions
    const { exploration, heard } = this.explored
    // What was unseen becomes less, all else more.
    const count = outcomes.size - unseen.size + branched.size + (heard?.size ?? 0)
    if (count === this.noted) return NO_NOTES
    this.noted = count
    const seen = (exploration.fold?.sometimes ?? []).filter(({ name }) => !unseen.has(name)).map(({ name }) => name)
    const about = (kind: Note['about'], texts: Iterable<string>): Note[] => [...texts].map((text) => ({ about: kind, text }))
    return [...about('sometimes', seen), ...about('outcome', outcomes), ...about('timer', branched), ...about('heard', heard?.all() ?? [])]
  }

  failure(error: unknown): never {
    // A step that fails is a result; this is a defect of the explorer, or of a judge.
    throw error
  }

  endless(seconds: number): Finding {
    this.interned.row.reset()
    const reason = `a step was still running after ${seconds} s: ${this.steps.actions.describe(this.steps.taking)}`
    return { kind: 'failed', reason, endless: true }
  }

  elsewhere(): Finding {
    return failed('not deterministic: a worker came to another state by the same steps')
  }

  get use(): { readonly waitingBytes: number; readonly asked: number; readonly fresh: number } {
    const { asked, fresh } = this.interned.parts.steps
    return { waitingBytes: this.queues.kept.bytes + this.queues.received.bytes, asked, fresh }
  }

  private takeSteps(number: number): Finding | undefined {
    const defect = (isCompared(number) ? this.ways.compare(number) : undefined) ?? this.steps.every(this.takeStep)
    return defect === undefined ? undefined : failed(defect)
  }

  private readonly takeStep = (ordinal: number): boolean => {
    this.generated++
    this.arrive(ordinal)
    return true
  }

  private arrive(ordinal: number): void {
    const { row } = this.interned
    if (this.offer(ordinal, row.high, row.low)) this.queues.kept.push(0, row)
  }

  /** The row at the end of a way. Ways that are walked one after the other have their beginning in common. */
  private walk(ordinals: readonly number[]): Int32Array {
    const { walked, ways } = this
    let same = 0
    while (same < walked.length && walked[same]?.ordinal === ordinals[same]) same++
    walked.length = same
    for (const ordinal of ordinals.slice(same)) {
      const before = walked.at(-1)
      walked.push({ ordinal, row: before === undefined ? ways.rootRow(ordinal) : ways.rowAfter(before.row, ordinal) })
    }
    return walked.at(-1)?.row ?? new Int32Array(0)
  }
}

const NO_NOTES: readonly Note[] = []

function failed(reason: string): Finding {
  return { kind: 'failed', reason }
}
