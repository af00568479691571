import EventLog
import Foundation
import LMDB
import MarketCore
import MarketRPC
import MarketTestSupport

/// A data directory with a log that a seed makes, and the market that made it.
struct SyntheticMarket {
    static let options = EventLogOptions(mapSizeBytes: 64 << 20, durability: .none)
    /// Stands in every contact before it is sealed, so that a leak can be found.
    static let contact = ContactDetails(phone: "13800138000", name: "Marked Person")

    let directory = try? TemporaryDirectory()
    let data: DataDirectory
    private(set) var market = Market()
    private(set) var transactions: [[RecordedEvent]] = []
    private var random: SeededRandom
    private var now = SmallWorld.beginning
    private let secret: MarketSecret
    private let vault: ContactVault

    /// Makes a market of `steps` commands; snapshots are written after each third of them.
    init(seed: UInt64 = 1, steps: Int = 300) throws {
        guard let directory else { throw TestFailure("no temporary directory") }
        data = DataDirectory(path: directory.path)
        random = SeededRandom(seed: seed)
        try FileManager.default.createDirectory(
            atPath: data.keysPath, withIntermediateDirectories: true)
        secret = try MarketSecret.create(at: data.keysPath + "/secret")
        vault = try ContactVault.create(at: data.keysPath + "/contacts")
        try found()
        for step in 1...max(3, steps) {
            if step % 2 == 0 { try submitLead() } else { run(nextCommand()) }
            if step % (max(3, steps) / 3) == 0 { try data.snapshots.write(market) }
        }
        try append(transactions)
    }

    var events: [RecordedEvent] { transactions.flatMap(\.self) }
    var head: LogPosition { market.head }

    /// Opens the log for writing.
    func openLog() throws -> EventLog {
        try EventLog(directory: data.logPath, options: Self.options)
    }

    /// Appends whole transactions to the log, whatever they say.
    func append(_ transactions: [[RecordedEvent]]) throws {
        guard let first = transactions.first?.first else { return }
        var batch = RecordBatch(firstPosition: first.position)
        for transaction in transactions { batch.append(transaction: transaction) }
        try openLog().append(batch)
    }

    /// Executes a command a little later; whether it changed anything.
    @discardableResult
    mutating func run(_ command: Command, as input: InputContext? = nil) -> Bool {
        now = now + .seconds(Int64(random.within(1...240)))
        while let due = market.nextDue, due <= now {
            execute(.passTime, at: market.stamp(at: due), .market)
        }
        let input = input ?? InputContext(role: .operator, principal: 1000)
        return execute(command, at: market.stamp(at: now), input)
    }

    @discardableResult
    private mutating func execute(
        _ command: Command, at stamp: Timestamp, _ input: InputContext
    ) -> Bool {
        guard let events = try? market.execute(command, at: stamp, input: input), !events.isEmpty
        else { return false }
        transactions.append(events)
        return true
    }

    private mutating func found() throws {
        var foundation = SmallWorld.foundation()
        foundation.secretFingerprint = secret.fingerprint
        run(.createMarket(foundation), as: .market)
        run(.applyConfiguration(SmallWorld.configuration))
        for (index, name) in SmallWorld.advisors.enumerated() {
            let institution = SmallWorld.institutions[index % SmallWorld.institutions.count]
            run(.registerAdvisor(name: name, profile: AdvisorProfile(institution: institution)))
            run(.deposit(advisor: name, amount: Money(fen: 60_000), reference: "receipt"))
        }
        for category in SmallWorld.categories {
            for advisor in SmallWorld.advisors.prefix(3) {
                run(
                    .placeOrder(
                        advisor: advisor, category: category,
                        terms: OrderTerms(filter: .everything, quantity: 8)))
            }
        }
    }

    private mutating func nextCommand() -> Command {
        let advisor = random.pick(SmallWorld.advisors)
        let assignment = random.pickAny(market.assignments.keys.sorted())
        switch random.below(13) {
        case 0:
            return .deposit(
                advisor: advisor, amount: Money(fen: Int64(random.within(1...20_000))),
                reference: "")
        case 1: return .withdraw(advisor: advisor, amount: Money(fen: 500), reference: "back")
        case 2:
            return .placeOrder(
                advisor: advisor, category: random.pick(SmallWorld.categories),
                terms: OrderTerms(
                    filter: .everything, quantity: random.within(1...5),
                    premium: Money(fen: Int64(random.below(300)))))
        case 3:
            return random.pickAny(market.orders).map { .pauseOrder($0.id) } ?? .passTime
        case 4:
            return random.pickAny(market.orders).map { .resumeOrder($0.id) } ?? .passTime
        case 5: return assignment.map { .acknowledgeAssignment($0) } ?? .passTime
        case 6:
            guard let assignment else { return .passTime }
            return .reportContact(
                assignment,
                ContactReport(firstCallAt: now, attempts: 1, outcome: .connected, evidence: "call"))
        case 7:
            guard let assignment else { return .passTime }
            return .reportStage(
                assignment,
                StageReport(stage: .drawn, passed: true, amount: Money(fen: 1_000_000)))
        case 8:
            return .payChannel(
                name: random.pick(SmallWorld.channels), amount: Money(fen: 500), reference: "march")
        case 9:
            return .payPayee(
                name: random.pick(SmallWorld.payees), amount: Money(fen: 100), reference: "")
        case 10: return market.waitingLeads.first.map { .withdrawLead($0) } ?? .passTime
        case 11: return .setAvailability(advisor: advisor, online: random.chance(80))
        default: return .passTime
        }
    }

    /// Submits a lead with a sealed contact, whose key the vault gets when the lead is accepted.
    private mutating func submitLead() throws {
        var sealer = ContactSealer()
        let sealed = try sealer.seal(Self.contact.encoded)
        let lead = nextLead(contact: sealed.bytes)
        guard run(.submitLead(lead)), case .leadAccepted? = transactions.last?.first?.event else {
            return
        }
        try vault.append([(lead.identity, sealed.key)])
    }

    private mutating func nextLead(contact: [UInt8]) -> LeadSubmission {
        var attributes = Attributes()
        attributes[SmallWorld.Number.ownsHouse] = random.chance(40) ? 1 : 0
        attributes[SmallWorld.Number.monthlyIncome] = Int64(random.below(20_000))
        attributes[SmallWorld.Number.employment] = Int64(random.below(3))
        return LeadSubmission(
            channel: random.pick(SmallWorld.channels),
            identity: .person(UInt64(random.below(60))), attributes: attributes,
            consent: random.chance(95) ? .given(at: now) : nil, contact: contact)
    }
}

struct TestFailure: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

// MARK: - Verifying and tampering

extension SyntheticMarket {
    /// Opens the log as an auditor does, and audits it with its snapshots.
    func audit() throws -> AuditReport {
        do throws(EventLogError) {
            var options = Audit.Options()
            options.snapshots = data.snapshots
            options.invariantsEvery = 100
            return try Audit(of: data.openLog(), options: options).run()
        } catch {
            guard let report = AuditReport(opening: error) else { throw error }
            return report
        }
    }

    /// Changes the table of events behind the log's back, while the log is closed.
    func tamper(_ body: (inout Transaction, Table) throws -> Void) throws {
        let environment = try Environment(
            path: data.logPath,
            options: EnvironmentOptions(mapSizeBytes: 64 << 20, durability: .none))
        let table = try environment.openTable("events", keys: .integers, create: false)
        var transaction = try environment.beginWrite()
        try body(&transaction, table)
        try transaction.commit()
    }

    func storedRecord(at position: LogPosition) throws -> [UInt8] {
        var stored: [UInt8] = []
        try tamper { transaction, table in
            if let span = try transaction.value(for: position.rawValue, in: table) {
                stored = span.withUnsafeBytes { [UInt8]($0) }
            }
        }
        return stored
    }

    func replaceRecord(at position: LogPosition, with bytes: [UInt8]) throws {
        try tamper { transaction, table in
            try transaction.put(bytes.span.bytes, for: position.rawValue, in: table)
        }
    }

    func removeRecord(at position: LogPosition) throws {
        try tamper { try $0.delete(position.rawValue, in: $1) }
    }

    /// Replaces a whole transaction's records by `events` with sound checksums.
    func replaceTransaction(with events: [RecordedEvent]) throws {
        guard let first = events.first else { return }
        var batch = RecordBatch(firstPosition: first.position)
        batch.append(transaction: events)
        for (index, event) in events.enumerated() {
            let bytes = batch.record(at: index).withUnsafeBytes { [UInt8]($0) }
            try replaceRecord(at: event.position, with: bytes)
        }
    }

    /// The last transaction in which a lead came in and was sold at once.
    var sale: [RecordedEvent]? {
        transactions.last { transaction in
            guard transaction.count == 3, case .leadAccepted = transaction[0].event else {
                return false
            }
            return true
        }
    }
}
