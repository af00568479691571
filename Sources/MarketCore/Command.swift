/// What somebody outside asks of the market; it may be refused with a ``Rejection``.
///
/// A command names things as people do. Values are in range when they get here: whoever makes a
/// command checks bounds and lengths; ``Market/decide(_:at:)`` checks the market's rules.
public enum Command: Hashable, Sendable {
    /// Founds the market; the first command ever, and only the first.
    case createMarket(MarketFoundation)
    /// Notes that a binary with other rules decides from here on.
    case changeRules(version: Int)
    /// Adds and redefines attributes, categories, channels, payees and settings.
    case applyConfiguration(MarketConfiguration)
    /// Lets time take effect: runs due work. Only the writer and `market.advance` give it.
    case passTime

    /// Makes an advisor known (R5.1).
    case registerAdvisor(name: Name, profile: AdvisorProfile)
    /// Replaces an advisor's profile.
    case updateAdvisor(name: Name, profile: AdvisorProfile)
    /// Says whether the advisor takes leads just now.
    case setAvailability(advisor: Name, online: Bool)
    /// Bars an advisor.
    case suspendAdvisor(name: Name, reason: String)
    /// Lets a barred advisor back.
    case reinstateAdvisor(name: Name)

    /// Credits an advisor with money received (R12.1).
    case deposit(advisor: Name, amount: Money, reference: String)
    /// Pays an advisor available money back (R12.1).
    case withdraw(advisor: Name, amount: Money, reference: String)
    /// Pays a channel what it is owed (R12.2).
    case payChannel(name: Name, amount: Money, reference: String)
    /// Pays a payee what it is owed (R12.2).
    case payPayee(name: Name, amount: Money, reference: String)

    /// Places a standing order (R5.2).
    case placeOrder(advisor: Name, category: Name, terms: OrderTerms)
    /// Changes an order's terms.
    case amendOrder(OrderID, OrderAmendment)
    /// Stops an order from taking leads until resumed.
    case pauseOrder(OrderID)
    /// Lets a paused order take leads again.
    case resumeOrder(OrderID)
    /// Ends an order for good.
    case cancelOrder(OrderID)

    /// Hands in a lead.
    case submitLead(LeadSubmission)
    /// Asks whether the market would take a lead, without contact data (R8.5).
    case pingLead(LeadPing)
    /// Brings contact and consent of a pinged lead (R8.5).
    case postLead(LeadPost)
    /// Takes a lead back at the person's wish (R8.7).
    case withdrawLead(LeadID)
    /// Puts a person on the do-not-contact list (R4.3).
    case suppressPerson(Identity, reason: String)
    /// Takes a person off the do-not-contact list.
    case unsuppressPerson(Identity)
    /// Makes a person's contact data unreadable for ever (R4.2).
    case erasePerson(Identity)

    /// An advisor takes a lead that is reserved for them (R8.3).
    case acceptAssignment(AssignmentID)
    /// An advisor does not take a lead that is reserved for them (R8.3).
    case declineAssignment(AssignmentID)
    /// The person agrees to the institution and product that a lead is reserved for (R8.2).
    case confirmConsent(AssignmentID, Consent)
    /// The person does not agree (R8.2).
    case declineConsent(AssignmentID)
    /// Confirms that a pushed lead arrived at a frontend (R8.6).
    case acknowledgeAssignment(AssignmentID)
    /// Asks to see the contact data of an assignment once more (R4.6).
    case discloseContact(AssignmentID)
    /// Reports on calling the lead (R9.1).
    case reportContact(AssignmentID, ContactReport)
    /// Reports how far the application came (R9.2).
    case reportStage(AssignmentID, StageReport)
    /// Asks for the money of a sale back (R10).
    case requestReturn(AssignmentID, ReturnRequest)
    /// Decides about a return that evidence alone does not decide (R10.2).
    case decideReturn(AssignmentID, approved: Bool, note: String)

    /// Stops a channel's leads.
    case pauseChannel(Name)
    /// Lets a paused channel's leads in again.
    case resumeChannel(Name)
}

/// What is fixed for ever when a market is created.
public struct MarketFoundation: Hashable, Sendable {
    /// Which rules decide; see ``Market/rulesVersion``.
    public var rulesVersion: Int
    /// Where the market's time comes from.
    public var clock: ClockKind
    /// The ISO 4217 code of the one currency.
    public var currency: String
    /// Market-local time less UTC, -1,080...1,080 minutes (R5.3).
    public var utcOffsetMinutes: Int
    /// Tells whether a secret is the one the market was made with (R4.1).
    public var secretFingerprint: Bytes16

    /// Describes a market to be created.
    public init(
        rulesVersion: Int, clock: ClockKind, currency: String = "CNY", utcOffsetMinutes: Int = 480,
        secretFingerprint: Bytes16
    ) {
        self.rulesVersion = rulesVersion
        self.clock = clock
        self.currency = currency
        self.utcOffsetMinutes = utcOffsetMinutes
        self.secretFingerprint = secretFingerprint
    }
}

/// Where a market's time comes from.
public enum ClockKind: Hashable, Sendable, CaseIterable {
    /// The machine's clock.
    case real
    /// The `at` of each mutating request.
    case supplied
}

/// Who an advisor is (R5.1).
public struct AdvisorProfile: Hashable, Sendable {
    /// The legal recipient that consent names; 1...128 bytes.
    public var institution: String
    /// The advisor's own phone, if known.
    public var identity: Identity?
    /// How good their results are; where it is derived, what it is until there are enough of them.
    public var grade: Grade
    /// Whether the market derives the grade from results, once it has rules for that (R9.4).
    public var derivesGrade: Bool
    /// The most leads reserved for them in a market-local day, 1 or more; `nil` for any number.
    public var dailyCap: Int?
    /// The most leads they have open, 1 or more: reserved, or released and neither reported on nor
    /// given back, withdrawn, suppressed or erased; `nil` for any number.
    public var openWorkLimit: Int?

    /// Describes an advisor.
    public init(
        institution: String, identity: Identity? = nil, grade: Grade = .standard,
        derivesGrade: Bool = false, dailyCap: Int? = nil, openWorkLimit: Int? = nil
    ) {
        self.institution = institution
        self.identity = identity
        self.grade = grade
        self.derivesGrade = derivesGrade
        self.dailyCap = dailyCap
        self.openWorkLimit = openWorkLimit
    }
}

/// How good an advisor's results are (R5.1).
public enum Grade: Hashable, Sendable, CaseIterable {
    /// The best.
    case elite
    /// The usual.
    case standard
    /// New, or not good yet.
    case novice
}
