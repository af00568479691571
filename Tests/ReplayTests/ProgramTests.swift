import EventLog
import Foundation
import LMDB
import MarketCore
import MarketRPC
import MarketTestSupport
import Testing

@Suite struct ProgramTests {
    let made: SyntheticMarket
    var path: String { made.data.path }

    init() throws {
        made = try SyntheticMarket(seed: 51, steps: 120)
    }

    func json(_ text: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(object as? [String: Any])
    }

    // MARK: verify

    @Test func `verify says that a sound log is sound`() throws {
        let outcome = try Program.run("verify", path)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("The log is sound."))
        #expect(outcome.output.contains("\(MarketDigest(of: made.market))"))
        #expect(outcome.errors.isEmpty, "no progress bar without a terminal")
        let report = try json(try Program.run("verify", "--json", path).output)
        #expect(report["sound"] as? Bool == true)
        #expect(report["head"] as? Int == Int(made.head.rawValue))
        #expect((report["soundSnapshots"] as? [Int])?.count == 3)
    }

    @Test func `verify names the first damaged position and exits with 1`() throws {
        var bytes = try made.storedRecord(at: LogPosition(40))
        bytes[bytes.count - 1] ^= 8
        try made.replaceRecord(at: LogPosition(40), with: bytes)
        let outcome = try Program.run("verify", path)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("record at position 40: the checksum does not match"))
        #expect(outcome.output.contains("The first damaged position is 40."))
        let report = try json(try Program.run("verify", "--json", path).output)
        #expect(report["firstDamagedPosition"] as? Int == 40)
        try made.removeRecord(at: LogPosition(40))
        let missing = try Program.run("verify", path)
        #expect(missing.status == 1)
        #expect(missing.output.contains("The first damaged position is 40."))
    }

    @Test func `verify tells a damaged snapshot from a damaged log`() throws {
        let position = try #require(try made.data.snapshots.positions().first)
        try Data([1, 2]).write(
            to: URL(fileURLWithPath: made.data.snapshots.path(of: position)))
        let outcome = try Program.run("verify", path)
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("snapshot at position \(position.rawValue)"))
        #expect(outcome.output.contains("its snapshots are NOT"))
    }

    @Test func `every bit of the file, flipped, is found or changes nothing`() throws {
        let file = URL(fileURLWithPath: made.data.logPath + "/data.mdb")
        let sound = try Data(contentsOf: file)
        var random = SeededRandom(seed: 7)
        for _ in 0..<40 {
            let bit = random.below(sound.count * 8)
            var bytes = sound
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            try bytes.write(to: file)
            let outcome = try Program.run("verify", path)
            // In a page that is not in use, or in room that no record takes, nothing is lost.
            let unharmed = outcome.output.contains("\(MarketDigest(of: made.market))")
            #expect(
                (outcome.status == 0 && unharmed) || [1, 2].contains(outcome.status),
                "bit \(bit): \(outcome)")
        }
    }

    // MARK: What cannot be read

    @Test func `what cannot be read is said in words, with exit code 2`() throws {
        let empty = try TemporaryDirectory()
        for (directory, words) in [
            ("/no/such/directory", "There is no directory /no/such/directory"),
            (empty.path, "There is no log in"),
            (made.data.logPath, "is a log itself"),
        ] {
            for command in ["verify", "digest", "balances", "export"] {
                let outcome = try Program.run(command, directory)
                #expect(outcome.status == 2, "\(command) \(directory)")
                #expect(outcome.errors.contains(words), "\(command): \(outcome.errors)")
                #expect(outcome.output.isEmpty)
            }
        }
    }

    @Test func `a log of a newer format is left to the newer program`() throws {
        do {
            let environment = try Environment(
                path: made.data.logPath, options: EnvironmentOptions(mapSizeBytes: 64 << 20))
            let meta = try environment.openTable("meta", keys: .bytes, create: false)
            var transaction = try environment.beginWrite()
            let format: [UInt8] = [9, 0, 0, 0, 0, 0, 0, 0]
            try transaction.put(format.span.bytes, for: Array("format".utf8), in: meta)
            try transaction.commit()
        }
        let outcome = try Program.run("verify", path)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("Use the newer leadmarket"))
    }

    @Test func `a wrong command line is a usage error`() throws {
        #expect(try Program.run("verify").status == 64)
        #expect(try Program.run("trace", "lead", "zero", path).status == 64)
        #expect(try Program.run("digest", path, "--at", "0").status == 64)
        #expect(try Program.run("digest", path, "--at", "999999").status == 2)
        #expect(try Program.run("--help").output.contains("verify"))
    }

    // MARK: digest and balances

    @Test func `digest is the market's, at any position`() throws {
        let now = try Program.run("digest", path)
        #expect(now.output == "\(MarketDigest(of: made.market))  \(made.head.rawValue)\n")
        var market = Market()
        for event in made.events.prefix(50) { market.evolve(event) }
        let then = try Program.run("digest", path, "--at", "50")
        #expect(then.output == "\(MarketDigest(of: market))  50\n")
        let object = try json(try Program.run("digest", path, "--at", "50", "--json").output)
        #expect(object["digest"] as? String == "\(MarketDigest(of: market))")
        #expect(object["position"] as? Int == 50)
    }

    @Test func `balances are the ledger's, at any position`() throws {
        var market = Market()
        for event in made.events.prefix(80) { market.evolve(event) }
        let balances = try json(try Program.run("balances", path, "--at", "80", "--json").output)
        #expect(balances["cashFen"] as? Int == Int(market.ledger.cash.fen))
        #expect(balances["balanced"] as? Bool == true)
        let advisors = try #require(balances["advisors"] as? [[String: Any]])
        #expect(
            advisors.map { $0["availableFen"] as? Int }
                == market.ledger.available.map { Int($0.fen) })
        let table = try Program.run("balances", path).output
        for advisor in made.market.advisors { #expect(table.contains("\(advisor.name)")) }
        #expect(table.contains("Cash is the sum of the others."))
    }

    // MARK: trace

    @Test func `trace tells a sale from the lead's arrival on`() throws {
        let sale = try #require(made.sale)
        let (lead, assignment) = (sale[0].position.rawValue, sale[1].position.rawValue)
        for (kind, id) in [("lead", lead), ("assignment", assignment)] {
            let text = try Program.run("trace", kind, "\(id)", path).output
            #expect(text.contains("lead \(lead) came in from channel"))
            #expect(text.contains("assignment \(assignment) released to advisor"))
            #expect(!text.contains(SyntheticMarket.contact.phone))
        }
        let exported = try Program.run("export", path).output.split(separator: "\n")
        let traced = try Program.run("trace", "lead", "\(lead)", path, "--json").output
        let lines = traced.split(separator: "\n")
        #expect(lines.first == exported[Int(lead) - 1])
        #expect(lines.allSatisfy(exported.contains) && lines.count >= 3)
        let order = try #require(made.market.assignment(AssignmentID(assignment))).order
        let orderText = try Program.run("trace", "order", "\(order.rawValue)", path).output
        #expect(orderText.contains("order \(order.rawValue) placed by advisor"))
        #expect(orderText.contains("assignment \(assignment) released to advisor"))
    }

    @Test func `trace tells an advisor's history by name`() throws {
        let text = try Program.run("trace", "advisor", "chen", path).output
        #expect(text.contains("advisor chen of bankOne registered"))
        #expect(text.contains("advisor chen deposited 600.00 CNY (receipt)"))
        #expect(!text.contains("advisor liu deposited"))
        let nobody = try Program.run("trace", "advisor", "nobody", path)
        #expect(nobody.status == 1)
        #expect(nobody.errors.contains("The log has no advisor nobody"))
    }

    // MARK: export

    @Test func `export writes every event as a line, and no contact data`() throws {
        let outcome = try Program.run("export", path, "--format", "jsonl")
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == made.events.count)
        for (line, event) in zip(lines, made.events) {
            let object = try json(String(line))
            #expect(object["position"] as? Int == Int(event.position.rawValue))
            guard case .leadAccepted(let lead) = event.event else { continue }
            let hexadecimal = lead.contact.map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
            #expect(!line.contains(hexadecimal.prefix(32)))
            #expect(!line.contains(Data(lead.contact).base64EncodedString().prefix(20)))
            #expect(!line.contains("\"contact\""))
        }
        #expect(!outcome.output.contains(SyntheticMarket.contact.phone))
        let part = try Program.run("export", path, "--from", "10", "--to", "12").output
        #expect(part == lines[9...11].joined(separator: "\n") + "\n")
    }

    @Test(.rules("R4.2"))
    func `export opens contacts with the keys, and those of erased persons never`() throws {
        var made = made
        var pinged: [LeadID: Identity] = [:]
        let people = made.events.compactMap { event -> Identity? in
            switch event.event {
            case .leadAccepted(let lead): return lead.identity
            case .leadPinged(let lead):
                pinged[LeadID(event.position)] = lead.identity
                return nil
            case .leadPosted(let post): return post.contact.isEmpty ? nil : pinged[post.lead]
            default: return nil
            }
        }
        #expect(made.events.contains { EventType($0.event) == .leadPosted })
        let erased = try #require(
            people.first { made.market.person($0)?.isErased == false })
        let before = made.transactions.count
        made.run(.erasePerson(erased))
        try made.append(Array(made.transactions[before...]))
        let outcome = try Program.run("export", path, "--keys", made.data.keysPath)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let leads = try outcome.output.split(separator: "\n").map { try json(String($0)) }
            .filter { line in
                let data = line["data"] as? [String: Any]
                return line["type"] as? String == "leadAccepted"
                    || line["type"] as? String == "leadPosted" && data?["rejection"] == nil
            }
        #expect(leads.count == people.count)
        for (lead, person) in zip(leads, people) {
            let data = try #require(lead["data"] as? [String: Any])
            let contact = data["contact"] as? [String: Any]
            if made.market.person(person)?.isErased == true {
                #expect(contact == nil)
                #expect(lead["contactErased"] as? Bool == true)
            } else {
                #expect(contact?["phone"] as? String == SyntheticMarket.contact.phone)
            }
        }
    }

    @Test func `export refuses the keys of another market`() throws {
        let other = try SyntheticMarket(seed: 52, steps: 3)
        let outcome = try Program.run("export", path, "--keys", other.data.keysPath)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("is not the secret that this market was created with"))
        let none = try Program.run("export", path, "--keys", "/no/such/keys")
        #expect(none.status == 2)
    }

    @Test func `a reader that stops reading is no error`() throws {
        let outcome = try Program.shell("\"$0\" export \"$1\" | head -n 1", path)
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: "\n").count == 1)
        #expect(outcome.errors.isEmpty)
    }
}
