public import MarketCore

/// An advisor to be made known.
public struct AdvisorRegistration: Hashable, Sendable {
    /// The advisor's name.
    public var name: Name
    /// The legal recipient that consent names.
    public var institution: String
    /// The digits of the advisor's own phone, if given.
    public var phoneDigits: String?
    /// How good their results are.
    public var grade: Grade
    /// Whether the market derives the grade from results.
    public var derivesGrade: Bool
    /// The most leads reserved for them in a day.
    public var dailyCap: Int?
    /// The most leads they have open.
    public var openWorkLimit: Int?

    /// The profile, once the identity is made of the phone.
    public func profile(identity: Identity?) -> AdvisorProfile {
        AdvisorProfile(
            institution: institution, identity: identity, grade: grade,
            derivesGrade: derivesGrade, dailyCap: dailyCap, openWorkLimit: openWorkLimit)
    }
}

/// What is to change in an advisor's profile; `nil` leaves a part as it is.
public struct AdvisorRevision: Hashable, Sendable {
    /// The advisor's name.
    public var name: Name
    /// The legal recipient that consent names.
    public var institution: String?
    /// The digits of the advisor's own phone.
    public var phoneDigits: String?
    /// How good their results are.
    public var grade: Grade?
    /// Whether the market derives the grade from results.
    public var derivesGrade: Bool?
    /// The most leads reserved for them in a day.
    public var dailyCap: MarketCore.Change<Int?>
    /// The most leads they have open.
    public var openWorkLimit: MarketCore.Change<Int?>

    /// The profile after the change.
    ///
    /// - Parameter identity: made of ``phoneDigits``, when there are any.
    public func applied(to profile: AdvisorProfile, identity: Identity?) -> AdvisorProfile {
        AdvisorProfile(
            institution: institution ?? profile.institution,
            identity: identity ?? profile.identity, grade: grade ?? profile.grade,
            derivesGrade: derivesGrade ?? profile.derivesGrade,
            dailyCap: dailyCap.value(after: profile.dailyCap),
            openWorkLimit: openWorkLimit.value(after: profile.openWorkLimit))
    }
}

/// A person as a request names them.
public enum PersonReference: Hashable, Sendable {
    /// By one of their leads.
    case lead(LeadID)
    /// By the digits of their phone.
    case phone(digits: String)
    /// By the identity that events show.
    case identity(Identity)
}

/// Which orders are listed; `nil` for any.
public struct OrderSelection: Hashable, Sendable {
    /// Whose.
    public var advisor: Name?
    /// Of which category.
    public var category: Name?
    /// In which state.
    public var state: OrderState?
    /// Not live for this reason, among others perhaps.
    public var reason: Unliveness?
}

/// Which leads are listed; `nil` for any.
public struct LeadSelection: Hashable, Sendable {
    /// Of which status.
    public var status: LeadStatus?
    /// Of which category.
    public var category: Name?
}

/// Which assignments are listed; `nil` for any.
public struct AssignmentSelection: Hashable, Sendable {
    /// Whose.
    public var advisor: Name?
    /// In which state.
    public var state: AssignmentState?
    /// With such a return.
    public var returns: ReturnSelection?
    /// Of which category.
    public var category: Name?
    /// Of which channel.
    public var channel: Name?
    /// Of advisors of which institution.
    public var institution: String?
}

/// Which assignments' calls are counted, and by what; `nil` for any.
public struct RateSelection: Hashable, Sendable {
    /// What there is a row for each of.
    public var grouping: RateGrouping
    /// Of which category.
    public var category: Name?
    /// Of which channel.
    public var channel: Name?
    /// Whose.
    public var advisor: Name?
}

extension MarketCore.Change {
    /// The part after the change.
    func value(after value: Value) -> Value {
        switch self {
        case .keep: value
        case .set(let new): new
        }
    }
}
