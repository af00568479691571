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
    var random: SeededRandom
    private(set) var now = SmallWorld.beginning
    private let secret: MarketSecret
    let vault: ContactVault
    /// The keys of the vault's next slots.
    var spareKeys: [ContactKey] = []

    /// Makes a market of `steps` commands; snapshots are written after each third of them.
    ///
    /// - Parameter crowd: whether to end with more sales than one transaction may make.
    init(seed: UInt64 = 1, steps: Int = 300, crowd: Bool = false) throws {
        guard let directory else { throw TestFailure("no temporary directory") }
        data = DataDirectory(path: directory.path)
        random = SeededRandom(seed: seed)
        try FileManager.default.createDirectory(
            atPath: data.keysPath, withIntermediateDirectories: true)
        secret = try MarketSecret.create(at: data.keysPath + "/secret")
        vault = try ContactVault.create(at: data.keysPath + "/contacts")
        try found()
        for step in 1...max(3, steps) {
            if step % 2 == 0 { try handInLead() } else { run(nextCommand()) }
            if step % (max(3, steps) / 3) == 0 { try data.snapshots.write(market) }
        }
        if crowd { sellCrowd() }
        try append(transactions)
        try vault.erase(Set(market.people.erased)) { _ in [] }
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
        run(.applyConfiguration(Self.gatedConfiguration))
        for (index, name) in SmallWorld.advisors.enumerated() {
            let institution = SmallWorld.institutions[index % SmallWorld.institutions.count]
            run(
                .registerAdvisor(
                    name: name,
                    profile: AdvisorProfile(
                        institution: institution, derivesGrade: index % 2 == 0,
                        dailyCap: index == 4 ? 3 : nil, openWorkLimit: index == 5 ? 2 : nil)))
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
        for advisor in SmallWorld.advisors.suffix(3) {
            for category in ["homeOwner", "everybody"] as [Name] {
                run(
                    .placeOrder(
                        advisor: advisor, category: category,
                        terms: OrderTerms(
                            filter: .everything, quantity: 2, hourCap: 3, dayCap: 20,
                            daySpend: Money(fen: 30_000), renews: true)))
            }
        }
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
