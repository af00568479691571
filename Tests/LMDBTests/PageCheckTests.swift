import Foundation
import LMDB
import MarketTestSupport
import Testing

@Suite struct PageCheckTests {
    /// A seeded generator, so that a failure can be repeated.
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test(arguments: 1...8)
    func `whatever is put, replaced and deleted, the structure is sound`(_ seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        let environment = try Environment(path: directory.path, options: quick)
        let numbers = try environment.openTable("numbers", keys: .integers, create: true)
        let names = try environment.openTable("names", keys: .bytes, create: true)
        var random = Random(state: seed)
        for round in 0..<30 {
            var transaction = try environment.beginWrite()
            for _ in 0..<Int.random(in: 1...60, using: &random) {
                let size = [0, 1, 7, 40, 300, 1900, 2500, 9000].randomElement(using: &random) ?? 0
                let value = [UInt8](repeating: 5, count: size)
                let number = UInt64.random(in: 0..<300, using: &random)
                let name = [UInt8](
                    repeating: UInt8(truncatingIfNeeded: number), count: Int(number % 90) + 1)
                switch Int.random(in: 0..<7, using: &random) {
                case 0, 1: try transaction.put(value.span.bytes, for: number, in: numbers)
                case 2, 3: try transaction.put(value.span.bytes, for: name, in: names)
                case 4: try transaction.delete(number, in: numbers)
                case 5: try transaction.delete(name, in: names)
                default:
                    for key in number..<number + 20 { try transaction.delete(key, in: numbers) }
                }
            }
            if round % 12 == 11 { try transaction.deleteAll(in: names) }
            if round % 7 != 6 { try transaction.commit() }
            try environment.checkPages(.all)
            try environment.checkPages(.ends)
            try Environment.checkMetaPages(in: directory.path)
        }
    }

    @Test func `a copy is sound`() throws {
        let directory = try TemporaryDirectory()
        let environment = try Environment(path: directory.path, options: quick)
        let table = try environment.openTable("numbers", keys: .integers, create: true)
        for start in 0..<20 {
            var transaction = try environment.beginWrite()
            for key in start * 50..<start * 50 + 50 {
                let value = [UInt8](repeating: 1, count: key % 700)
                try transaction.append(value.span.bytes, for: UInt64(key), in: table)
            }
            try transaction.commit()
        }
        let copy = try TemporaryDirectory()
        var image = try EnvironmentImage(of: environment)
        var bytes: [UInt8] = []
        while case let block = try image.next(), !block.isEmpty { bytes += block }
        try Data(bytes).write(to: URL(filePath: copy.path("data.mdb")))
        try Environment.checkMetaPages(in: copy.path)
        let copied = try Environment(path: copy.path, options: quick)
        #expect(try copied.checkPages(.all) > 20)
    }

    @Test func `the ends are few pages, whatever the size`() throws {
        let directory = try TemporaryDirectory()
        let environment = try Environment(path: directory.path, options: quick)
        let table = try environment.openTable("numbers", keys: .integers, create: true)
        var transaction = try environment.beginWrite()
        for key in 0..<5000 {
            let value = [UInt8](repeating: 1, count: 400)
            try transaction.append(value.span.bytes, for: UInt64(key), in: table)
        }
        try transaction.commit()
        #expect(try environment.checkPages(.ends) < 12)
        #expect(try environment.checkPages(.all) > 500)
    }
}
