internal import MarketCore
internal import MarketRPC

/// A read, answered on the follower's thread.
struct FollowerQuery: Sendable {
    /// Writes the result's JSON text, bounded in time by the limits of its method; `nil` when
    /// somebody else will answer.
    typealias Body = @Sendable (FollowerState) throws(RPCError) -> [UInt8]?

    /// Where the answer goes.
    let address: ReplyAddress
    /// The position that must have been applied.
    let atLeast: LogPosition
    /// Until when to wait for that.
    let deadline: Instant
    /// Works out the result.
    let body: Body

    /// How long a read waits for the position it asked for.
    static let patienceMicroseconds: Int64 = 5_000_000
}
