import Foundation
import MarketClient
import MarketRPC
import MarketTestSupport
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
