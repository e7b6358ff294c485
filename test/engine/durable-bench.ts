/** The checkpoint storage and the store of completed checkpoints in a world, and somebody who asks them. */
import {
  checkpointStorage,
  type StorageAnswer,
  type StorageFiles,
  type StorageReply,
  type StorageRequest,
} from '../../src/engine/checkpoint/checkpoint-storage.js'
import {
  completedCheckpointStore,
  emptyCheckpointStore,
  type StoreAnswer,
  type StoreReply,
  type StoreRequest,
  type StoreState,
} from '../../src/engine/checkpoint/completed-checkpoint-store.js'
import { HistoryRecorder, type HistoryEvent } from '../../src/history/index.js'
import { TimedDriver, World, type ActorRef, type Behavior, type Outcome, type ProcessRef } from '../../src/world/index.js'

type Answered = StorageReply | StoreReply

export class DurableBench {
  readonly world: World
  readonly asker: ActorRef<Answered>
  /** How the next calls end; those after are done. */
  readonly outcomes: Outcome[] = []
  private readonly answers: (StorageAnswer | StoreAnswer)[] = []
  private readonly recorder = new HistoryRecorder()
  private readonly driver: TimedDriver
  private readonly process: ProcessRef
  private readonly storage: ActorRef<StorageRequest>
  private readonly store: ActorRef<StoreRequest>

  constructor() {
    const outcome = () => this.outcomes.shift() ?? 'done'
    const interference = { strikes: () => false, fails: () => false, outcome, transit: () => 0 }
    this.driver = new TimedDriver({ seed: 'durable', latency: () => ({ minUs: 1, maxUs: 1 }), interference })
    const { take } = this.recorder
    this.world = new World({ driver: this.driver, freeze: true, ...(take && { recorder: take }) })
    this.process = this.world.process('durable')
    const asker = this.world.process('asker')
    const behavior: Behavior<null, null, Answered> = {
      kind: 'asker',
      start: () => null,
      digest: () => 0,
      receive: (_state, message) => {
        if ('answer' in message) this.answers.push(message.answer)
      },
    }
    this.asker = this.world.add(asker, behavior, 'asker', null)
    this.storage = this.world.add(this.process, checkpointStorage, 'storage', { files: new Map() })
    this.store = this.world.add(this.process, completedCheckpointStore, 'store', emptyCheckpointStore())
    this.world.start(this.process)
    this.world.start(asker)
  }

  /** Asks the storage and returns its answer, if it gave one. */
  askStorage(request: StorageRequest, outcome: Outcome = 'done'): StorageAnswer | StoreAnswer | undefined {
    return this.ask(this.storage, request, outcome)
  }

  askStore(request: StoreRequest, outcome: Outcome = 'done'): StorageAnswer | StoreAnswer | undefined {
    return this.ask(this.store, request, outcome)
  }

  private ask(to: number, request: StorageRequest | StoreRequest, outcome: Outcome): StorageAnswer | StoreAnswer | undefined {
    if (outcome !== 'done') this.outcomes.push(outcome)
    this.answers.length = 0
    this.world.send(this.asker, to, request, 0)
    while (this.driver.next(this.world));
    return this.answers[0]
  }

  crashAndRestart(): void {
    this.world.crash(this.process)
    this.world.start(this.process)
  }

  get files(): StorageFiles['files'] {
    return (this.world.inspect(this.storage).state as { durable: StorageFiles }).durable.files
  }

  get stored(): StoreState {
    return (this.world.inspect(this.store).state as { durable: StoreState }).durable
  }

  get facts(): readonly HistoryEvent[] {
    return this.recorder.events
  }
}
