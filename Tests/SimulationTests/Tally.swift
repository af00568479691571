import MarketCore

/// How often things occurred in simulations.
struct Tally {
    /// What is counted; every kind has names of its own.
    enum Kind: String, CaseIterable, Comparable {
        case event = "Event"
        case rejection = "Rejection"
        case leadRejection = "LeadRejection"
        case leadClosure = "LeadClosure"
        case voidReason = "VoidReason"
        case returnReason = "ReturnReason"
        case decision = "ReturnDecision"
        case tested = "TestedLead.Outcome"
        case posted = "PostedLead.rejection"
        case verdict = "Verdict"
        case situation = "Situation"
        case unliveness = "Unliveness"
        case fault = "ConfigurationFault"

        /// What part of the times is enough: details and situations are rarer than the rest.
        var share: Int {
            switch self {
            case .fault, .posted: 10
            case .situation: 20
            default: 1
            }
        }

        static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    private(set) var counts: [Kind: [String: Int]] = [:]
    private(set) var commandCount = 0
    private(set) var seedCount = 0

    mutating func countCommand() { commandCount += 1 }

    mutating func countSeed() { seedCount += 1 }

    mutating func count(_ kind: Kind, _ name: String, times: Int = 1) {
        counts[kind, default: [:]][name, default: 0] += times
    }

    mutating func count(_ event: Event) {
        count(.event, Self.caseName(event))
        switch event {
        case .leadRejected(let lead):
            count(.leadRejection, Self.caseName(lead.reason))
        case .leadPosted(let post):
            if let reason = post.rejection { count(.posted, Self.caseName(reason)) }
        case .leadTested(let lead):
            count(.tested, Self.caseName(lead.outcome))
        case .leadClosed(_, let closure):
            count(.leadClosure, Self.caseName(closure))
        case .leadVoided(_, let reason):
            count(.voidReason, Self.caseName(reason))
        case .returnRequested(_, let request):
            count(.returnReason, Self.caseName(request.reason))
        case .returnDecided(_, let decision):
            let word = decision.isApproved ? "approved" : "declined"
            count(.decision, decision.isAutomatic ? "automatic" : word)
        default:
            break
        }
    }

    /// Counts what became of an order in a decision, and the key on which it lost.
    mutating func count(_ verdict: Verdict) {
        switch verdict {
        case .won, .laterCategory:
            count(.verdict, Self.caseName(verdict))
        case .ineligible(let reason):
            count(.verdict, Self.caseName(reason))
        case .outranked(_, let key):
            count(.verdict, key.map { Self.caseName($0) } ?? "orderID")
        }
    }

    mutating func count(_ rejection: Rejection) {
        count(.rejection, Self.caseName(rejection))
        if case .invalidConfiguration(let fault) = rejection {
            count(.fault, Self.caseName(fault.reason))
        }
    }

    /// Counts the reasons that are new since an order was last looked at.
    mutating func count(_ reasons: Unliveness) {
        for (reason, word) in Unliveness.words where reasons.contains(reason) {
            count(.unliveness, word)
        }
    }

    mutating func count(_ situation: Situation) { count(.situation, situation.rawValue) }

    mutating func add(_ other: Tally) {
        for (kind, names) in other.counts {
            for (name, times) in names { count(kind, name, times: times) }
        }
        commandCount += other.commandCount
        seedCount += other.seedCount
    }

    /// What was to occur `times` times at least (of some kinds a share of that) and did not,
    /// and names that nobody expected.
    func shortfalls(times: Int) -> [String] {
        Self.expected.flatMap { kind, names in
            let counted = counts[kind, default: [:]]
            let times = times / kind.share
            let rare = names.filter { counted[$0, default: 0] < times }
                .map { "\(kind.rawValue) \($0): \(counted[$0, default: 0])" }
            let unknown = counted.keys.sorted().filter { !names.contains($0) }
                .map { "\(kind.rawValue) \($0) is not expected" }
            return rare + unknown
        }
    }

    /// A readable table of everything counted.
    var description: String {
        var lines = ["\(seedCount) seeds, \(commandCount) commands"]
        for (kind, names) in Self.expected {
            lines.append("\(kind.rawValue):")
            let counted = counts[kind, default: [:]]
            for name in names {
                let figure = String(counted[name, default: 0])
                let gap = String(repeating: " ", count: max(1, 34 - name.count - figure.count))
                lines.append("  \(name)\(gap)\(figure)")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The name of an enum's case, without what it carries.
    static func caseName(_ value: some Any) -> String {
        Mirror(reflecting: value).children.first?.label ?? "\(value)"
    }

    /// Everything in scope, in the order of its declaration.
    static let expected: [(kind: Kind, names: [String])] = [
        (
            .event,
            [
                "marketCreated", "rulesChanged", "configurationApplied", "timePassed",
                "offersDeferred", "advisorRegistered", "advisorUpdated", "availabilitySet",
                "advisorSuspended", "advisorReinstated", "deposited", "withdrawn", "channelPaid",
                "payeePaid", "orderPlaced", "orderAmended", "orderPaused", "orderResumed",
                "orderCancelled", "leadAccepted", "leadRejected", "leadWithdrawn", "leadClosed",
                "leadReserved", "leadReleased", "assignmentAcknowledged", "contactDisclosed",
                "contactReported", "stageReported", "personSuppressed", "personUnsuppressed",
                "personErased", "channelPaused", "channelResumed", "leadPinged", "leadPosted",
                "leadTested", "leadVoided", "assignmentAccepted", "consentConfirmed",
                "orderRenewed", "returnRequested", "returnDecided", "advisorGraded",
                "channelPausedItself",
            ]
        ),
        (
            .rejection,
            [
                "marketExists", "marketNotCreated", "invalidConfiguration", "unknownAdvisor",
                "unknownCategory", "unknownChannel", "unknownPayee", "unknownOrder",
                "unknownAssignment", "unknownPerson", "advisorExists", "advisorAlreadySuspended",
                "advisorNotSuspended", "insufficientFunds", "insufficientPayable",
                "balanceOutOfRange", "categoryRetired", "invalidPeriod", "quantityBelowTaken",
                "orderCancelled", "orderAlreadyPaused", "orderNotPaused", "leadNotOpen",
                "leadAlreadyWithdrawn", "alreadySuppressed", "notSuppressed", "personErased",
                "alreadyAcknowledged", "firstCallOutOfRange", "channelAlreadyPaused",
                "channelNotPaused", "leadNotPinged", "identityMismatch", "institutionNotConsented",
                "deadlinePassed", "notAwaitingAcceptance", "notAwaitingConsent",
                "assignmentNotReleased", "returnAlreadyRequested", "returnWindowPassed",
                "noOpenReturn", "advisorHasReservations",
            ]
        ),
        (.leadRejection, LeadRejection.allCases.map { caseName($0) }),
        (.leadClosure, LeadClosure.allCases.map { caseName($0) }),
        (.voidReason, VoidReason.allCases.map { caseName($0) }),
        (.returnReason, ReturnReason.allCases.map { caseName($0) }),
        (.decision, ["automatic", "approved", "declined"]),
        (.tested, ["rejected", "unmatched", "matched"]),
        (
            .posted,
            ["channelPaused", "channelCapped", "industryPeer", "noConsent", "unqualified"]
        ),
        (
            .verdict,
            [
                "won", "laterCategory", "notLive", "filtered", "tooOld", "insufficientFunds",
                "spendCapExceeded", "boundElsewhere", "consentElsewhere", "excluded", "dedicated",
                "priority", "premium", "gradeFit", "leastRecentlyServed", "orderID",
            ]
        ),
        (.situation, Situation.allCases.map(\.rawValue)),
        (.unliveness, Unliveness.words.map(\.word)),
        (
            .fault,
            [
                "invalidAttribute", "tooManyAttributes", "attributeNarrowed",
                "attributeKindChanged", "repeated", "invalidFilter", "unknownName",
                "invalidSplit", "titleTooLong", "outOfRange", "invalidTierAttribute",
                "invalidTierRules",
            ]
        ),
    ]
}
