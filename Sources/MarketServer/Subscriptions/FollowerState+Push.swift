internal import EventLog
internal import MarketCore
internal import MarketRPC
internal import Projections

/// One `assignment` notification to be.
struct Push {
    /// What it tells.
    enum Kind {
        /// That the lead is set aside and what is awaited.
        case reserved
        /// That the reservation ended without a sale.
        case voided(VoidReason)
        /// That the lead is sold, and where the contact of a pinged one is, if that is known.
        case released(post: LogPosition?)
    }

    let kind: Kind
    let assignment: AssignmentID
    let position: LogPosition
    let isAgain: Bool

    /// A first delivery.
    init(_ kind: Kind, _ assignment: AssignmentID, at position: LogPosition) {
        self.kind = kind
        self.assignment = assignment
        self.position = position
        isAgain = false
    }

    /// A redelivery.
    init(_ entry: PushedAssignments.Entry) {
        switch entry.kind {
        case .reservation: kind = .reserved
        case .release: kind = .released(post: entry.post)
        }
        assignment = entry.assignment
        position = entry.position
        isAgain = true
    }
}

extension FollowerState {
    /// Writes one `assignment` notification, unless it is for others.
    ///
    /// A first delivery is made even of what was settled meanwhile, so that every subscriber sees
    /// everything once: the contact is left out then, and nothing is awaited any more (R8.6).
    ///
    /// - Parameter market: ``market``, which is copied each time it is handed on from here.
    func write(
        _ push: Push, to audience: FeedAudience, _ feed: Feed, _ writer: inout JSONWriter,
        in market: Market
    ) throws(EventLogError) {
        guard let assignment = market.assignment(push.assignment),
            audience.contains(assignment.advisor, in: market),
            let lead = try handedInLead(at: assignment.lead.position)
        else { return }
        var contact = PushedContact.none
        if case .released(let post) = push.kind, assignment.isPushed {
            contact = try self.contact(for: assignment, lead, post)
        }
        writer.notification("assignment") { writer in
            writer.beginObject()
            writer.member("subscription", Int(feed.request.number.rawValue))
            writer.member("position", push.position)
            writer.member("redelivered", push.isAgain)
            writer.members(of: push.kind, assignment)
            writer.saleMembers(of: assignment, in: market)
            writer.member(
                "institution", market.advisors[assignment.advisor.index].profile.institution)
            writer.member(
                "product",
                market.categories[assignment.category.index]
                    .versions[assignment.categoryVersion - 1].title)
            writer.member("attributes", lead.attributes, market.schema)
            switch contact {
            case .none: break
            case .open(let details):
                writer.name("contact")
                writer.contact(details)
            case .unavailable:
                writer.member("contactUnavailable", true)
            }
            writer.endObject()
        }
        writer.endLine()
    }

    /// The lead that came in at `position`.
    private func handedInLead(at position: LogPosition) throws(EventLogError) -> HandedInLead? {
        var lead: HandedInLead?
        try visitEvent(at: position) { lead = $0.event.handedInLead }
        return lead
    }

    /// What a push has of a contact.
    private enum PushedContact {
        /// There is none, or it is not to be told.
        case none
        case open(ContactDetails)
        /// It was handed in and cannot be opened.
        case unavailable
    }

    /// The contact for a push. One that cannot be opened must not stop everybody's pushes: its own
    /// says so, and the log does.
    private func contact(
        for assignment: Assignment, _ lead: HandedInLead, _ post: LogPosition?
    ) throws(EventLogError) -> PushedContact {
        var sealed = lead.contact
        if lead.isPing {
            var position = post
            if position == nil { position = try self.post(of: assignment.lead) }
            guard let position,
                case .leadPosted(let posted)? = try event(at: position)?.event
            else {
                noteUnreadable(assignment, problem: "its post is not found")
                return .unavailable
            }
            sealed = SealedPart(posted)
        }
        guard let sealed else { return .none }
        do throws(EventLogError) {
            guard let bytes = try vault.open(sealed.contact, in: sealed.slot) else { return .none }
            if let details = ContactDetails(encoded: bytes) { return .open(details) }
            noteUnreadable(assignment, problem: "its contents are malformed")
        } catch {
            noteUnreadable(assignment, problem: "\(error)")
        }
        return .unavailable
    }

    private func noteUnreadable(_ assignment: Assignment, problem: String) {
        noteUnreadable(
            UnreadableContact(
                assignment: assignment.id, lead: assignment.lead, problem: problem))
    }

    /// Where the contact of a pinged lead came in, by the views.
    private func post(of lead: LeadID) throws(EventLogError) -> LogPosition? {
        let positions = try? looking { views throws(ViewError) in
            try views.stream(of: lead, limit: 1_024)
        }
        for position in positions ?? [] {
            if case .leadPosted(let post)? = try event(at: position)?.event,
                post.rejection == nil
            {
                return position
            }
        }
        return nil
    }
}

/// A sealed contact as the log has it.
struct SealedPart {
    let contact: [UInt8]
    let slot: UInt64

    /// The contact that came with a lead; `nil` when it came without.
    init?(_ lead: AcceptedLead) {
        guard let slot = lead.contactSlot, !lead.contact.isEmpty else { return nil }
        self.slot = slot
        contact = lead.contact
    }

    /// The contact that came with a post; `nil` when it came without.
    init?(_ post: PostedLead) {
        guard let slot = post.contactSlot, !post.contact.isEmpty else { return nil }
        self.slot = slot
        contact = post.contact
    }
}

/// What a push tells of a lead as it came in.
struct HandedInLead {
    let attributes: Attributes
    /// The contact, when it came with the lead.
    let contact: SealedPart?
    /// Whether it was pinged, so that the contact came with the post.
    let isPing: Bool
}

extension Event {
    /// The lead that the event opened; `nil` when it opened none.
    fileprivate var handedInLead: HandedInLead? {
        switch self {
        case .leadAccepted(let lead):
            HandedInLead(attributes: lead.attributes, contact: SealedPart(lead), isPing: false)
        case .leadPinged(let lead):
            HandedInLead(attributes: lead.attributes, contact: nil, isPing: true)
        default:
            nil
        }
    }
}

extension JSONWriter {
    /// Writes where an assignment stands, and what is still awaited or why it ended.
    fileprivate mutating func members(of kind: Push.Kind, _ assignment: Assignment) {
        switch kind {
        case .reserved:
            member("status", AssignmentStatus.reserved)
            awaits(assignment.gates)
        case .voided(let reason):
            member("status", AssignmentStatus.voided)
            member("reason", reason)
        case .released:
            member("status", AssignmentStatus.released)
        }
    }
}
