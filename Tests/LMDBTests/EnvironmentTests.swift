import Foundation
import LMDB
import MarketTestSupport
import Testing

/// Quick and small: nothing here needs to survive a power failure.
let quick = EnvironmentOptions(mapSizeBytes: 16 << 20, durability: .none)

@Suite struct EnvironmentTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `what was committed is there after opening again`() throws {
        do {
            let environment = try Environment(path: directory.path, options: quick)
            let table = try environment.openTable("numbers", keys: .integers, create: true)
            var transaction = try environment.beginWrite()
            try transaction.append([UInt8]([1, 2, 3]).span.bytes, for: 7, in: table)
            try transaction.commit()
        }
        let environment = try Environment(path: directory.path, options: quick)
        let table = try environment.openTable("numbers", keys: .integers, create: false)
        let transaction = try environment.beginRead()
        #expect(try bytes(transaction.value(for: 7, in: table)) == [1, 2, 3])
        #expect(try transaction.count(of: table) == 1)
    }

    @Test func `the same directory is not opened twice in a process`() throws {
        let first = try Environment(path: directory.path, options: quick)
        let error = #expect(throws: LMDBError.self) {
            try Environment(path: directory.path + "/.", options: quick)
        }
        #expect(error?.code == EBUSY)
        #expect(first.path == directory.path)
    }

    @Test func `a directory can be opened again after it was closed or failed to open`() throws {
        _ = try Environment(path: directory.path, options: quick)
        for _ in 0..<2 {
            let nowhere = directory.path("nowhere")
            #expect(throws: LMDBError.self) { try Environment(path: nowhere, options: quick) }
        }
        _ = try Environment(path: directory.path, options: quick)
    }

    @Test func `a missing directory is named with call and code`() throws {
        let nowhere = directory.path("nowhere")
        let error = #expect(throws: LMDBError.self) {
            try Environment(path: nowhere, options: quick)
        }
        #expect(error?.isMissing == true)
        #expect(error?.path == nowhere)
        #expect(error?.description.contains("No such file") == true)
    }

    @Test func `a file that is no environment is refused`() throws {
        let file = try #require(fopen(directory.path("data.mdb"), "w"))
        for _ in 0..<8192 { fputc(0x55, file) }
        fclose(file)
        let error = #expect(throws: LMDBError.self) {
            try Environment(path: directory.path, options: quick)
        }
        #expect(error?.isCorruption == true)
    }

    @Test func `a table must exist unless it may be created`() throws {
        let environment = try Environment(path: directory.path, options: quick)
        let error = #expect(throws: LMDBError.self) {
            try environment.openTable("absent", keys: .bytes, create: false)
        }
        #expect(error?.isMissing == true)
    }

    @Test func `a table keeps the kind of key it was made with`() throws {
        let environment = try Environment(path: directory.path, options: quick)
        _ = try environment.openTable("bytes", keys: .bytes, create: true)
        #expect(throws: LMDBError.self) {
            try environment.openTable("bytes", keys: .integers, create: true)
        }
    }

    @Test func `a read-only environment refuses to write`() throws {
        do {
            let environment = try Environment(path: directory.path, options: quick)
            _ = try environment.openTable("table", keys: .bytes, create: true)
        }
        let environment = try Environment(
            path: directory.path,
            options: EnvironmentOptions(mapSizeBytes: 16 << 20, access: .readOnly))
        #expect(environment.isReadOnly)
        let error = #expect(throws: LMDBError.self) {
            let transaction = try environment.beginWrite()
            try transaction.commit()
        }
        #expect(error?.code == EACCES)
    }

    @Test func `a full disk is told from a broken one`() {
        func isFull(_ code: Int32, at path: String) -> Bool {
            LMDBError(code: code, call: "mdb_txn_commit", path: path).foundDiskFull()
        }
        #expect(isFull(ENOSPC, at: "/"))
        // This file system has no blocks at all.
        #expect(isFull(EIO, at: "/proc") && !isFull(EACCES, at: "/proc"))
        #expect(!isFull(EIO, at: directory.path("")) && !isFull(EIO, at: directory.path("none")))
    }

    @Test func `a full map is reported as such and loses nothing`() throws {
        let options = EnvironmentOptions(mapSizeBytes: 256 << 10, durability: .none)
        let environment = try Environment(path: directory.path, options: options)
        let table = try environment.openTable("numbers", keys: .integers, create: true)
        let value = [UInt8](repeating: 9, count: 1000)
        var stored: UInt64 = 0
        let error = #expect(throws: LMDBError.self) {
            for key in 1...1000 {
                var transaction = try environment.beginWrite()
                try transaction.append(value.span.bytes, for: UInt64(key), in: table)
                try transaction.commit()
                stored = UInt64(key)
            }
        }
        #expect(error?.isMapFull == true)
        let transaction = try environment.beginRead()
        #expect(try transaction.count(of: table) == Int(stored))
        #expect(try bytes(transaction.value(for: stored, in: table)) == value)
    }

    @Test func `used space grows and free space falls`() throws {
        let environment = try Environment(path: directory.path, options: quick)
        let table = try environment.openTable("numbers", keys: .integers, create: true)
        let before = try environment.space()
        #expect(before.mapSizeBytes == 16 << 20)
        #expect(before.pageSizeBytes >= 4096)
        #expect(before.usedBytes + before.freeBytes == before.mapSizeBytes)
        var transaction = try environment.beginWrite()
        for key in 1...100 {
            let value = [UInt8](repeating: 1, count: 1000)
            try transaction.append(value.span.bytes, for: UInt64(key), in: table)
        }
        try transaction.commit()
        let after = try environment.space()
        #expect(after.usedBytes >= before.usedBytes + 100_000)
        #expect(after.freeBytes < before.freeBytes)
        #expect(after.lastTransactionNumber == before.lastTransactionNumber + 1)
        #expect(try environment.removeDeadReaders() == 0)
    }

    @Test func `an image holds what was there when it was taken, whatever is committed meanwhile`()
        throws
    {
        let options = EnvironmentOptions(mapSizeBytes: 512 << 20, durability: .none)
        let environment = try Environment(path: directory.path, options: options)
        let table = try environment.openTable("numbers", keys: .integers, create: true)
        func write(_ byte: UInt8) throws {
            var transaction = try environment.beginWrite()
            for key in 0..<3_000 as Range<UInt64> {
                let value = [UInt8](repeating: byte, count: 3_000)
                try transaction.put(value.span.bytes, for: key, in: table)
            }
            try transaction.commit()
        }
        for byte in 1...3 as ClosedRange<UInt8> { try write(byte) }
        var image = try EnvironmentImage(of: environment)
        var file: [UInt8] = []
        var blocks = 0
        while case let block = try image.next(), !block.isEmpty {
            file += block
            blocks += 1
            try write(UInt8(3 + blocks))
        }
        #expect(blocks > 3)
        mkdir(directory.path("copy"), 0o700)
        try Data(file).write(to: URL(filePath: directory.path("copy/data.mdb")))
        let copy = try Environment(path: directory.path("copy"), options: options)
        #expect(try copy.checkPages(.all) > 3_000)
        let copied = try copy.openTable("numbers", keys: .integers, create: false)
        let read = try copy.beginRead()
        for key in 0..<3_000 as Range<UInt64> {
            let value = try bytes(read.value(for: key, in: copied))
            #expect(value == [UInt8](repeating: 3, count: 3_000))
        }
    }
}

/// The bytes of `span`, or `nil`.
func bytes(_ span: RawSpan?) -> [UInt8]? {
    guard let span else { return nil }
    return span.withUnsafeBytes { [UInt8]($0) }
}
