import MarketClient
import NIOCore
import Synchronization

/// Lines from the daemon on their way from the connection's event loop to the one task that reads them.
final class ReplyInbox: Sendable {
    private struct State {
        var lines: [ByteBuffer] = []
        var ending: ClientError?
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Hands over a line.
    func deliver(_ line: ByteBuffer) {
        wake { $0.lines.append(line) }
    }

    /// Says that no more lines come, and why.
    func end(_ error: ClientError) {
        wake { $0.ending = error }
    }

    private func wake(_ change: (inout State) -> Void) {
        let reader = state.withLock { state in
            change(&state)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    /// Every line that has come, without waiting.
    ///
    /// - Throws: why no more will come, once all lines have been taken.
    func take() throws(ClientError) -> [ByteBuffer] {
        let (lines, ending) = state.withLock { state in
            defer { state.lines = [] }
            return (state.lines, state.ending)
        }
        if let ending, lines.isEmpty { throw ending }
        return lines
    }

    /// Waits until ``take()`` has something to say. For one reader.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.lines.isEmpty, state.ending == nil else { return true }
                state.reader = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
