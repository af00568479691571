import Foundation
import MarketClient
import MarketCore
import MarketRPC
import MarketTestSupport
import Synchronization
import Testing

@testable import EventLog
@testable import MarketServer

@Suite(.hangGuard)
struct BackupTests {
    /// What a backup into `target` is refused with.
    private func refusal(
        _ client: MarketClient, _ target: String
    ) async throws -> ClientError.Refusal? {
        do throws(ClientError) {
            _ = try await client.call("market.backup", ["directory": .string(target)])
            return nil
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            return refusal
        }
    }

    private func contents(of directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory)
    }

    @Test(arguments: [false, true])
    func `a backup that fails half way leaves nothing that it made, and says why`(
        isThere: Bool
    ) async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        for number in 1...3 { _ = try await client.call("lead.submit", SmallMarket.lead(number)) }
        // That is noticed when the log has been copied.
        #expect(truncate(fixture.configuration.keysDirectory + "/contacts", 0) == 0)
        let target = fixture.directory.path("copy")
        if isThere { try Files.makeDirectory(target) }
        let refusal = try #require(try await refusal(client, target))
        #expect(refusal.reason == "internalError")
        #expect(refusal.field == nil)
        #expect(refusal.message.contains("/contacts is damaged at slot 0"))
        #expect(Files.exists(target) == isThere)
        if isThere { #expect(try contents(of: target) == []) }
        await client.close()
    }

    @Test func `a target that cannot be one is a bad parameter, and stays as it is`() async throws {
        let fixture = try ServerFixture()
        let client = try await fixture.connect()
        let full = fixture.directory.path("full")
        try Files.makeDirectory(full + "/log")
        let file = fixture.directory.path("file")
        try Files.write("something", to: file)
        for target in [full, file, file + "/copy", fixture.directory.path("none/copy")] {
            let refusal = try #require(try await refusal(client, target))
            #expect(refusal.reason == "invalidParameters", "\(target)")
            #expect(refusal.field == "directory", "\(target)")
        }
        #expect(try contents(of: full) == ["log"])
        #expect(try contents(of: full + "/log") == [])
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "something")
        await client.close()
    }

    @Test(arguments: 0...5)
    func `a stop ends a backup that is under way, and its client is told`(
        blocks: Int
    ) async throws {
        let gate = StepGate()
        let passed = Atomic(0)
        var seams = Server.Seams()
        seams.beforeBackupBlock = {
            if passed.add(1, ordering: .relaxed).newValue > blocks { gate.pass(.start) }
        }
        let fixture = try ServerFixture(seams: seams)
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        for number in 1...3 { _ = try await client.call("lead.submit", SmallMarket.lead(number)) }
        await client.close()
        gate.close()
        let targets = [fixture.directory.path("copy"), fixture.directory.path("other")]
        let asker = try await LineClient(fixture)
        // The second one waits for the first.
        for (number, target) in targets.enumerated() {
            asker.send(
                """
                {"jsonrpc":"2.0","id":\(number),"method":"market.backup","params":{"directory":"\(target)"}}

                """)
        }
        await gate.reached()
        let server = try #require(fixture.server)
        // On a thread of its own, for it blocks until the gate opens.
        let end = Task {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: fixture.stop()) }
            }
        }
        while !server.backups.isStopping { try await Task.sleep(for: .milliseconds(1)) }
        gate.open()
        #expect(await end.value == .clean)
        let answers = await asker.receiveRest()
        #expect(answers.map { $0["id"] } == [0, 1])
        for answer in answers { #expect(answer["error"]?["data"]?["reason"] == "shuttingDown") }
        for target in targets { #expect(!Files.exists(target)) }
    }

    @Test(arguments: [EACCES, EPERM, EROFS])
    func `a target that may not be written is a bad parameter`(code: Int32) {
        let error = EventLogError.file(call: "mkdir", path: "/copy", code: code)
        let refusal = Backup.refusal(of: error, isGone: true)
        #expect(refusal.code.definition.reason == "invalidParameters")
        #expect(refusal.message.contains("mkdir on /copy failed"))
    }

    @Test func `what somebody else puts into the copy stays`() async throws {
        let target = Mutex("")
        var seams = Server.Seams()
        seams.beforeBackupBlock = {
            let keys = target.withLock { $0 } + "/keys"
            guard Files.exists(keys), !Files.exists(keys + "/contacts") else { return }
            try? Files.write("mine", to: keys + "/contacts")
        }
        let fixture = try ServerFixture(seams: seams)
        target.withLock { $0 = fixture.directory.path("copy") }
        let client = try await fixture.connect()
        try await SmallMarket.found(client)
        let refusal = try #require(try await refusal(client, fixture.directory.path("copy")))
        #expect(refusal.reason == "internalError")
        #expect(refusal.message.contains("could not be removed"))
        #expect(try contents(of: fixture.directory.path("copy")) == ["keys"])
        #expect(try contents(of: fixture.directory.path("copy/keys")) == ["contacts"])
        await client.close()
    }

    @Test(arguments: [(ENOSPC, "storageFull"), (EDQUOT, "storageFull"), (EIO, "internalError")])
    func `a full disk is told from one that fails`(code: Int32, reason: String) {
        let error = EventLogError.file(call: "pwrite", path: "/copy/log/data.mdb", code: code)
        let refusal = Backup.refusal(of: error, isGone: true)
        #expect(refusal.code.definition.reason == reason)
        #expect(
            refusal.message.hasPrefix("The backup failed, and what there was of it is removed."))
        #expect(refusal.message.contains("pwrite on /copy/log/data.mdb failed"))
        let rest = Backup.refusal(of: error, isGone: false).message
        #expect(rest.contains("could not be removed"))
    }
}
