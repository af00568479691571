/// Waiting for a daemon that starts.
public enum Readiness {
    /// Waits until the daemon at `socketPath` answers `market.health`.
    ///
    /// - Returns: how long that took, in seconds.
    /// - Throws: ``ToolError``, what the last try failed with, when it does not in `seconds`.
    public static func wait(socketPath: String, seconds: Double) async throws(ToolError) -> Double {
        let start = MonotonicClock.now
        let limit = MonotonicClock.nanoseconds(seconds)
        while true {
            do throws(ToolError) {
                let connection = try await MarketConnection(socketPath: socketPath)
                _ = try await connection.call("market.health")
                return Double(MonotonicClock.now - start) / 1_000_000_000
            } catch {
                guard MonotonicClock.now - start < limit else { throw error }
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
    }
}
