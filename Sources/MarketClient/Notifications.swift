public import MarketRPC
import NIOCore

/// A message that the daemon sends by itself.
public struct ServerNotification: Sendable, Equatable {
    /// What it is about: `event` or `assignment`.
    public let method: String
    /// Its contents.
    public let parameters: JSONObject
}

/// The notifications of one connection, in the order sent; ends when the connection does. For one reader.
///
/// At most ``MarketClient/Configuration/maximumBufferedNotifications`` wait here; then the connection is not read until
/// half of them have been consumed, and the daemon keeps the rest for later. Answers wait with them, so a client that
/// subscribes must consume its notifications, or call from another connection.
public struct Notifications: AsyncSequence, Sendable {
    typealias Producer = NIOAsyncSequenceProducer<
        ServerNotification, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark,
        NotificationDelegate
    >

    let sequence: Producer

    /// Makes the iterator. There may be only one.
    public func makeAsyncIterator() -> Iterator {
        Iterator(iterator: sequence.makeAsyncIterator())
    }

    /// Iterates over the notifications.
    public struct Iterator: AsyncIteratorProtocol {
        let iterator: Producer.AsyncIterator

        /// The next notification, or `nil` at the end of the connection.
        public mutating func next() async -> ServerNotification? {
            await iterator.next()
        }
    }
}

/// Resumes reading when the reader of the notifications has caught up.
final class NotificationDelegate: NIOAsyncSequenceProducerDelegate, Sendable {
    private let handler: NIOLoopBoundBox<LineHandler?>

    init(eventLoop: any EventLoop) {
        handler = NIOLoopBoundBox.makeEmptyBox(valueType: LineHandler.self, eventLoop: eventLoop)
    }

    /// Names the handler to resume; on the event loop.
    func attach(_ handler: LineHandler) {
        self.handler.value = handler
    }

    func produceMore() {
        handler.eventLoop.execute { self.handler.value?.resume() }
    }

    func didTerminate() {
        handler.eventLoop.execute {
            self.handler.value?.resume()
            self.handler.value = nil
        }
    }
}

/// The writing end of ``Notifications``.
struct NotificationSource {
    let source: Notifications.Producer.Source

    /// Hands over one notification; returns whether more may follow at once.
    func yield(_ notification: ServerNotification) -> Bool {
        switch source.yield(notification) {
        case .produceMore, .dropped: true
        case .stopProducing: false
        }
    }

    func finish() {
        source.finish()
    }
}
