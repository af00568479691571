import Foundation
import Testing

@testable import MarketTools

struct `files that may be compressed` {
    private func contents(of path: String) throws -> [UInt8] {
        let file = try InputFile(path: path)
        var bytes: [UInt8] = []
        while true {
            let piece = try file.read()
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }

    private let sample = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }

    @Test func `a plain file and a gzip file read the same`() throws {
        #expect(try withFile(sample) { try contents(of: $0) } == sample)
        #expect(try withFile(sample, gzip: true) { try contents(of: $0) } == sample)
    }

    @Test func `gzip members one after the other are one file`() throws {
        let one = try withFile("first\n".utf8, gzip: true) {
            try Data(contentsOf: URL(filePath: $0))
        }
        let two = try withFile("second\n".utf8, gzip: true) {
            try Data(contentsOf: URL(filePath: $0))
        }
        let both = try withFile(one + two) { try contents(of: $0) }
        #expect(both == Array("first\nsecond\n".utf8))
    }

    @Test func `a file cut off in its compressed data is an error`() throws {
        let whole = try withFile(sample, gzip: true) { try Data(contentsOf: URL(filePath: $0)) }
        try withFile(whole.dropLast(20)) { path in
            _ = #expect(throws: ToolError.self) { try contents(of: path) }
        }
    }

    @Test func `a flipped bit in compressed data is an error`() throws {
        var whole = try withFile(sample, gzip: true) { try Data(contentsOf: URL(filePath: $0)) }
        whole[whole.count - 6] ^= 1
        try withFile(whole) { path in
            _ = #expect(throws: ToolError.self) { try contents(of: path) }
        }
    }

    @Test func `a file that is not there is an error with its path`() {
        #expect(throws: ToolError.file(path: "/nowhere/x", problem: "No such file or directory")) {
            try InputFile(path: "/nowhere/x")
        }
    }

    @Test func `lines end in LF or CRLF and the last one may have no end`() throws {
        try withFile("a\r\n\nlonger\nlast".utf8) { path in
            var reader = LineReader(try InputFile(path: path))
            var lines: [String] = []
            while let line = try reader.next() {
                lines.append(String(decoding: line, as: UTF8.self))
            }
            #expect(lines == ["a", "", "longer", "last"])
            #expect(reader.lineNumber == 4)
        }
    }
}
