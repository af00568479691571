internal import MarketCore

/// What a session tells the follower about a subscription.
enum FeedMessage: Sendable {
    /// To begin it; the reply to the request leaves first.
    case open(FeedRequest)
    /// That the connection has room for another slice.
    case credit(FeedNumber)
    /// To end it.
    case close(FeedNumber)
}

/// The number of a subscription, unique in the process.
struct FeedNumber: Hashable, Comparable, Sendable {
    let rawValue: Int64

    static func < (left: FeedNumber, right: FeedNumber) -> Bool { left.rawValue < right.rawValue }
}

/// A subscription as it was asked for.
struct FeedRequest: Sendable {
    /// What is wanted.
    enum Kind: Sendable {
        /// Releases, of one advisor or of all.
        case assignments(advisor: AdvisorNumber?)
        /// Every event.
        case events
    }

    let number: FeedNumber
    let connection: Connection
    let kind: Kind
    /// The first position of interest.
    let from: LogPosition
}
