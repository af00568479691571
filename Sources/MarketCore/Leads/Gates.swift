/// What still stands between a reservation and its release, with the time by which each must come
/// (R8.2, R8.3, R8.5).
///
/// A deadline is missed once the time is past it: at the very microsecond all is well.
public struct PendingGates: Hashable, Sendable {
    private var postDeadline = OptionalTimestamp.none
    private var consentDeadline = OptionalTimestamp.none
    private var acceptanceDeadline = OptionalTimestamp.none

    /// Until when the supplier may post; `nil` when no post is awaited.
    public var post: Timestamp? {
        get { postDeadline.value }
        set { postDeadline = OptionalTimestamp(newValue) }
    }

    /// Until when the person may agree to the institution; `nil` when that is not asked.
    public var consent: Timestamp? {
        get { consentDeadline.value }
        set { consentDeadline = OptionalTimestamp(newValue) }
    }

    /// Until when the advisor may accept; `nil` when that is not asked.
    public var acceptance: Timestamp? {
        get { acceptanceDeadline.value }
        set { acceptanceDeadline = OptionalTimestamp(newValue) }
    }

    /// Names what is awaited.
    public init(post: Timestamp? = nil, consent: Timestamp? = nil, acceptance: Timestamp? = nil) {
        self.post = post
        self.consent = consent
        self.acceptance = acceptance
    }

    /// Nothing is awaited.
    public static let none = PendingGates()

    /// Whether nothing is awaited any more.
    public var isEmpty: Bool { self == .none }

    /// The first time at which a deadline is missed: a microsecond past the earliest.
    var firstMissed: Timestamp? {
        guard post != nil || consent != nil || acceptance != nil else { return nil }
        return min(post ?? .latest, consent ?? .latest, acceptance ?? .latest) + .microsecond
    }

    /// Why a reservation ends at `time` by itself: the first missed deadline of post, consent,
    /// acceptance; `nil` when none is missed.
    public func lapse(at time: Timestamp) -> VoidReason? {
        if let post, time > post { return .pingExpired }
        if let consent, time > consent { return .consentTimedOut }
        if let acceptance, time > acceptance { return .acceptanceTimedOut }
        return nil
    }
}

/// Why a reservation ended without a release (R8.1).
public enum VoidReason: Hashable, Sendable, CaseIterable {
    /// The advisor declined (R8.3).
    case declined
    /// The advisor did not accept in time (R8.3).
    case acceptanceTimedOut
    /// The person did not agree to the institution (R8.2).
    case consentRefused
    /// The person did not answer in time; the lead is closed (R8.2).
    case consentTimedOut
    /// No post came in time; the lead is closed (R8.5).
    case pingExpired
    /// The post was turned away; the lead is closed (R8.5).
    case postRejected
    /// The person took the lead back (R8.7).
    case withdrawn
    /// The person was suppressed (R8.7).
    case suppressed
    /// The person was erased (R8.7).
    case erased
    /// The advisor was suspended (R8.7).
    case advisorSuspended
}
