import MarketCore

/// What a frame holds, member by member, in whatever order; then its method says which of them it takes.
///
/// Texts are only found, not yet read: valid as long as the frame is.
@safe
struct FrequentParts: ~Copyable {
    /// How a request names itself.
    @safe
    enum Identifier {
        case absent
        case null
        case integer(Int64)
        case text(PlainText)
    }

    /// The members that were there.
    var members = FrequentMembers()
    /// The number of the last of them.
    var lastMember = MemberNames.none

    var identifier = Identifier.absent
    var method: FrequentMethod?
    var at: Timestamp?

    var channel: PlainText?
    var phone: PlainText?
    var phoneMD5: Bytes16?
    /// The attributes that have values, which the reader keeps.
    var attributes: UInt64?
    var givenAt: Timestamp?
    var agreement: Digest32?
    var institutions: [String]?
    /// The person's.
    var name: PlainText?
    var note: PlainText?
    var preferredAdvisor: PlainText?
    var lead: LeadID?

    var assignment: AssignmentID?
    var firstCallAt: Timestamp?
    var attempts: Int64?
    var outcome: CallOutcome?
    var evidence: PlainText?
}
