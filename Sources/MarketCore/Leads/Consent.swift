/// That the person agreed to their application being passed on (R8.2).
public struct Consent: Hashable, Sendable {
    /// When they agreed.
    public var givenAt: Timestamp
    /// SHA-256 of the agreement's text as shown.
    public var agreement: Digest32
    /// The institutions the agreement names; empty when it names none.
    public var institutions: [String]

    /// The most institutions one agreement can name.
    public static let maximumInstitutions = 32

    /// Records a consent.
    public init(givenAt: Timestamp, agreement: Digest32, institutions: [String] = []) {
        self.givenAt = givenAt
        self.agreement = agreement
        self.institutions = institutions
    }

    /// Whether the contact may be passed to `institution`.
    public func allows(_ institution: String) -> Bool {
        institutions.isEmpty || institutions.contains(institution)
    }
}
