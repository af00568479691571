import Testing

@testable import MarketTools

struct `reading CSV` {
    private func rows(_ text: String) throws -> [CSVRow] {
        try rows(Array(text.utf8))
    }

    private func rows(_ bytes: [UInt8]) throws -> [CSVRow] {
        try withFile(bytes) { path in
            var reader = CSVReader(try InputFile(path: path))
            var rows: [CSVRow] = []
            while let row = try reader.next() { rows.append(row) }
            return rows
        }
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r", [["a", "b"], ["1", "2"]]),
        ("a,,c\n,,\n", [["a", "", "c"], ["", "", ""]]),
        ("\"a,b\",\"say \"\"yes\"\"\"\n", [["a,b", "say \"yes\""]]),
        ("\"two\r\nlines\",x\n", [["two\r\nlines", "x"]]),
        ("\"\",\"\"\n", [["", ""]]),
        ("\"quoted\"\r\nnext\r\n", [["quoted"], ["next"]]),
        ("\n\r\na\n\n", [["a"]]),
        ("\u{FEFF}a,b\n", [["a", "b"]]),
        ("城市,收入\n杭州,8000\n", [["城市", "收入"], ["杭州", "8000"]]),
        ("", []),
    ])
    func `cells are what RFC 4180 says`(text: String, cells: [[String]]) throws {
        #expect(try rows(text).map(\.cells) == cells)
    }

    @Test func `a record carries the line it begins on`() throws {
        let lines = try rows("h\n\"a\nb\nc\"\nlast\n").map(\.line)
        #expect(lines == [1, 2, 5])
    }

    @Test(arguments: [
        ("a,\"b\"c\ngood\n", "there is text after a closing quote"),
        (
            "a,b\"c\ngood\n",
            "there is a quote in the middle of a cell that does not begin with one"
        ),
    ])
    func `a broken record is reported and the next line is read`(
        text: String, problem: String
    ) throws {
        #expect(
            try rows(text) == [
                CSVRow(line: 1, cells: [], problem: problem),
                CSVRow(line: 2, cells: ["good"], problem: nil),
            ])
    }

    @Test func `a quote that is never closed is reported`() throws {
        #expect(try rows("ok\n\"open\nmore").last?.problem == "a quote is not closed")
    }

    @Test func `bytes that are not UTF-8 are reported`() throws {
        let rows = try rows(Array("a\n".utf8) + [0xFF, 0x0A] + Array("b\n".utf8))
        #expect(rows.map(\.problem) == [nil, "the row is not UTF-8", nil])
    }

    @Test func `an endless record does not eat the memory`() throws {
        let long = [UInt8(ascii: "\"")] + Array(repeating: 0x61, count: 1_100_000)
        let rows = try rows(long + Array("\nnext\n".utf8))
        #expect(rows.map(\.cells) == [[], ["next"]])
        #expect(rows[0].problem == "the record is longer than 1048576 bytes")
    }
}
