internal import MarketCore
internal import MarketRPC

/// What a session tells the follower about a subscription.
enum FeedMessage: Sendable {
    /// To begin it; the reply to the request leaves first.
    case open(FeedRequest)
    /// That the connection has room for another slice.
    case credit(FeedNumber, Instant)
    /// That its reader has not taken what was sent: the next credit comes when it has.
    case slow(FeedNumber, Instant)
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
        /// Reservations that wait for a gate, releases and voids.
        case assignments(FeedAudience)
        /// Every event.
        case events
        /// What operators should look into.
        case alerts
    }

    let number: FeedNumber
    let connection: Connection
    let kind: Kind
    /// The first position of interest.
    let from: LogPosition
}

/// Whose assignments a subscriber wants.
enum FeedAudience: Hashable, Sendable {
    case all
    /// One advisor's.
    case advisor(AdvisorNumber)
    /// Those of an institution's advisors.
    case institution(String)

    /// What a request names: an advisor, an institution or neither.
    init(advisor: Name?, institution: String?, in state: FollowerState) throws(RPCError) {
        if let advisor {
            self = .advisor(try state.number(ofAdvisor: advisor))
        } else if let institution {
            guard state.market.advisors.contains(where: { $0.profile.institution == institution })
            else {
                throw RPCError.invalidParameter(
                    FieldPath("institution"), "no advisor is of it; advisor.list tells them.")
            }
            self = .institution(institution)
        } else {
            self = .all
        }
    }

    /// Whether an assignment of `advisor` is wanted.
    func contains(_ advisor: AdvisorNumber, in market: Market) -> Bool {
        switch self {
        case .all: true
        case .advisor(let one): one == advisor
        case .institution(let name): market.advisors[advisor.index].profile.institution == name
        }
    }
}
