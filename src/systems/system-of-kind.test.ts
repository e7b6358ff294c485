import { expect, it } from 'vitest'
import { externalStore, fileSystem, groupCoordinator, messageQueue, socketServer, systemOfKind } from './index.js'

it('an actor of a system is a part of it, and one of a kind of its own of none', () => {
  const behaviors = [externalStore, groupCoordinator, fileSystem, messageQueue, socketServer]
  const roles = ['external-store', 'broker', 'file-system', 'message-queue', 'socket-server']
  expect(behaviors.map(({ kind }) => systemOfKind(kind))).toEqual(roles)
  expect(systemOfKind('own-broker')).toBeUndefined()
})
