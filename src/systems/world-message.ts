import { fold, hashString, type WorldMessage } from '../world/index.js'

/** A message of the world as one integer, over all its fields. */
export function digestWorldMessage(message: WorldMessage): number {
  const kind = hashString(message.kind)
  if (message.kind === 'timer') return fold(kind, hashString(message.name))
  const { peer, incarnation, lane, crashed, silent } = message
  return fold(fold(fold(fold(kind, peer), incarnation), lane), (crashed ? 1 : 0) + (silent === true ? 2 : 0))
}
