import Testing

@testable import MarketTools

struct `rendering` {
    @Test(arguments: [
        ("abc", 3), ("", 0), ("有房一族", 8), ("a有b", 4), ("ｶﾅ", 2), ("カナ", 4), ("é", 1),
        ("e\u{301}", 1), ("👍", 2), ("👩‍💻", 2), ("한글", 4), ("\u{200B}", 0), ("¥60", 3), ("—", 1),
    ])
    func `wide characters take two columns`(text: String, width: Int) {
        #expect(displayWidth(text) == width)
    }

    @Test func `columns line up with wide characters among them`() {
        var table = TextTable(columns: [.left("category"), .right("leads")])
        table.add(["有房一族", "1,234"])
        table.add(["basic", "7"])
        #expect(
            table.rendered == """
                category  leads
                --------  -----
                有房一族  1,234
                basic         7

                """)
    }

    @Test func `a cell stays on its line`() {
        var table = TextTable(columns: [.left("a"), .left("b")])
        table.add(["x\ny"])
        #expect(table.rendered == "a    b\n---  -\nx y\n")
    }

    @Test func `numbers are grouped`() {
        #expect([0, 999, 1_000, -1_234_567].map(grouped) == ["0", "999", "1,000", "-1,234,567"])
        #expect(
            [0, 5, 123_450, -99].map { yuan(fen: $0) } == ["0.00", "0.05", "1,234.50", "-0.99"])
        #expect(percent(basisPoints: 6_507) == "65.07 %")
    }
}
