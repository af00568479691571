/// What an advisor says about calling a lead (R9.1).
public struct ContactReport: Hashable, Sendable {
    /// When they first called; from the release to now.
    public var firstCallAt: Timestamp
    /// How often they called so far, 1...1,000.
    public var attempts: Int
    /// How it went.
    public var outcome: CallOutcome
    /// The id of a call-detail record, at most 64 bytes; empty when there is none.
    public var evidence: String

    /// Writes a report.
    public init(
        firstCallAt: Timestamp, attempts: Int, outcome: CallOutcome, evidence: String = ""
    ) {
        self.firstCallAt = firstCallAt
        self.attempts = attempts
        self.outcome = outcome
        self.evidence = evidence
    }
}

/// How a call went (R9.1).
public enum CallOutcome: Hashable, Sendable, CaseIterable {
    /// Somebody answered and it was the person.
    case connected
    /// Nobody answered.
    case noAnswer
    /// The line was busy.
    case busy
    /// The phone was switched off.
    case poweredOff
    /// The line is suspended (停机).
    case outOfService
    /// The number does not exist (空号).
    case noSuchNumber
    /// Somebody else answered.
    case wrongPerson
    /// The person did not want to talk.
    case refused
    /// The person works in the trade.
    case industryPeer
    /// What the lead declared is not so.
    case unqualified
}

/// How far the application came (R9.2).
public struct StageReport: Hashable, Sendable {
    /// The stage; it implies the earlier ones.
    public var stage: Stage
    /// Whether the stage was passed.
    public var passed: Bool
    /// Why it failed, at most 128 bytes; empty otherwise.
    public var reason: String
    /// What was drawn, for `drawn` and `repeated`; zero otherwise.
    public var amount: Money

    /// Writes a report.
    public init(stage: Stage, passed: Bool, reason: String = "", amount: Money = .zero) {
        self.stage = stage
        self.passed = passed
        self.reason = reason
        self.amount = amount
    }
}

/// The stages of an application in order (R9.2).
public enum Stage: Int, Hashable, Comparable, Sendable, CaseIterable {
    /// Handed in at the lender.
    case applied = 1
    /// Passed the first check.
    case prescreened
    /// Granted.
    case approved
    /// Paid out.
    case drawn
    /// Drawn once more.
    case repeated

    /// Orders stages from earlier to later.
    public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
}
