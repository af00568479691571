import LMDB
import MarketTestSupport
import Testing

@Suite struct TransactionTests {
    let directory: TemporaryDirectory
    let environment: Environment
    let numbers: Table
    let names: Table

    init() throws {
        directory = try TemporaryDirectory()
        environment = try Environment(path: directory.path, options: quick)
        numbers = try environment.openTable("numbers", keys: .integers, create: true)
        names = try environment.openTable("names", keys: .bytes, create: true)
    }

    func put(_ pairs: [(String, String)]) throws {
        var transaction = try environment.beginWrite()
        for (key, value) in pairs {
            let value = Array(value.utf8)
            try transaction.put(value.span.bytes, for: Array(key.utf8), in: names)
        }
        try transaction.commit()
    }

    @Test func `a dropped transaction leaves nothing behind`() throws {
        do {
            var transaction = try environment.beginWrite()
            try transaction.append([UInt8]([1]).span.bytes, for: 1, in: numbers)
        }
        let transaction = try environment.beginRead()
        #expect(try transaction.value(for: 1, in: numbers) == nil)
    }

    @Test func `a read transaction keeps seeing what it began with`() throws {
        let before = try environment.beginRead()
        try put([("a", "1")])
        #expect(try before.count(of: names) == 0)
        let after = try environment.beginRead()
        #expect(try after.count(of: names) == 1)
    }

    @Test func `appending needs a key above all others`() throws {
        var transaction = try environment.beginWrite()
        let value: [UInt8] = [1]
        try transaction.append(value.span.bytes, for: 5, in: numbers)
        for key: UInt64 in [5, 4] {
            #expect(throws: LMDBError.self) {
                try transaction.append(value.span.bytes, for: key, in: numbers)
            }
        }
        try transaction.append(value.span.bytes, for: 6, in: numbers)
        #expect(try transaction.count(of: numbers) == 2)
    }

    @Test func `integer keys are in order of number, not of bytes`() throws {
        var transaction = try environment.beginWrite()
        for key: UInt64 in [256, 1, 255, 65536] {
            let value = [UInt8(truncatingIfNeeded: key)]
            try transaction.put(value.span.bytes, for: key, in: numbers)
        }
        try transaction.commit()
        let read = try environment.beginRead()
        var cursor = try read.cursor(on: numbers)
        var keys: [UInt64?] = []
        while try cursor.moveToNext() { keys.append(cursor.integerKey) }
        #expect(keys == [1, 255, 256, 65536])
        #expect(try cursor.move(toOrAfter: 2))
        #expect(cursor.integerKey == 255)
        #expect(try !cursor.move(toOrAfter: 65537))
        #expect(cursor.integerKey == nil)
    }

    @Test func `byte keys are put, replaced, found and deleted`() throws {
        try put([("b", "2"), ("a", "1"), ("b", "3")])
        var transaction = try environment.beginWrite()
        #expect(try bytes(transaction.value(for: Array("b".utf8), in: names)) == Array("3".utf8))
        #expect(try transaction.delete(Array("b".utf8), in: names))
        #expect(try !transaction.delete(Array("b".utf8), in: names))
        #expect(try transaction.value(for: Array("b".utf8), in: names) == nil)
        try transaction.deleteAll(in: names)
        #expect(try transaction.count(of: names) == 0)
    }

    @Test func `a cursor walks a range of byte keys both ways`() throws {
        try put([("b", "2"), ("bb", "22"), ("a", "1"), ("c", "3")])
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(on: names)
        var forward: [String] = []
        var isThere = try cursor.move(toOrAfter: Array("b".utf8))
        while isThere {
            forward.append(text(cursor.key) + "=" + text(cursor.value))
            isThere = try cursor.moveToNext()
        }
        #expect(forward == ["b=2", "bb=22", "c=3"])
        var backward: [String] = []
        isThere = try cursor.moveToLast()
        while isThere {
            backward.append(text(cursor.key))
            isThere = try cursor.moveToPrevious()
        }
        #expect(backward == ["c", "bb", "b", "a"])
        #expect(try cursor.moveToFirst())
        #expect(text(cursor.key) == "a")
    }

    @Test func `integer keys can be deleted`() throws {
        var transaction = try environment.beginWrite()
        try transaction.append([UInt8]([1]).span.bytes, for: 1, in: numbers)
        #expect(try transaction.delete(1, in: numbers))
        #expect(try !transaction.delete(1, in: numbers))
    }

    @Test func `another thread reads while this one writes`() async throws {
        try put([("a", "1")])
        let count = try await Task.detached { [environment, names] in
            let transaction = try environment.beginRead()
            return try transaction.count(of: names)
        }.value
        #expect(count == 1)
    }

    private func text(_ span: RawSpan) -> String {
        String(decoding: bytes(span) ?? [], as: UTF8.self)
    }
}
