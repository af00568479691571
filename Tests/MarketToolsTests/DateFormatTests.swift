import Testing

@testable import MarketTools

struct `reading dates` {
    @Test(arguments: [
        ("23/07/79", 1979), ("11/01/16", 2016), ("11/01/17", 1917), ("01/01/00", 2000),
        ("31/12/99", 1999),
    ])
    func `two-digit years up to the pivot are of this century`(text: String, year: Int) throws {
        let format = try DateFormat("dd/MM/yy", pivot: 16)
        #expect(format.parse(text)?.year == year)
    }

    @Test(arguments: [
        ("dd/MM/yyyy", "29/02/2016", CivilTime(year: 2016, month: 2, day: 29)),
        ("yyyy-MM-dd", "2016-7-1", CivilTime(year: 2016, month: 7, day: 1)),
        (
            "yyyy-MM-dd HH:mm:ss", "2016-07-01 23:59:58",
            CivilTime(year: 2016, month: 7, day: 1, secondOfDay: 86_398)
        ),
        (
            "yyyy-MM-ddTHH:mm", "2016-07-01T08:30",
            CivilTime(year: 2016, month: 7, day: 1, secondOfDay: 30_600)
        ),
        ("yyyyMMdd", "20160701", CivilTime(year: 2016, month: 7, day: 1)),
    ])
    func `formats are read as written`(pattern: String, text: String, time: CivilTime) throws {
        #expect(try DateFormat(pattern, pivot: nil).parse(text) == time)
    }

    @Test(arguments: [
        "", "23/07", "32/01/16", "00/01/16", "29/02/15", "31/04/16", "01/13/16", "1/1/1/16",
        "a1/01/16", "01-01-16", "01/01/2016", "01/01/16 ", "2３/07/79",
    ])
    func `what is no such day is none`(text: String) throws {
        #expect(try DateFormat("dd/MM/yy", pivot: 16).parse(text) == nil)
    }

    @Test(
        arguments: [
            ("dd/MM", nil), ("dd/MM/yy", nil), ("dd/MM/yyyy", 16), ("dd/dd/MM/yyyy", nil),
            ("dd/MM/yyyy mm", nil), ("dd/MMM/yyyy", nil), ("d/M/yyyy", nil), ("dd/MM/yy", 100),
        ] as [(String, Int?)])
    func `formats that cannot be right are refused`(pattern: String, pivot: Int?) {
        #expect(throws: DateFormat.Fault.self) { try DateFormat(pattern, pivot: pivot) }
    }

    @Test(arguments: [
        (CivilTime(year: 1970, month: 1, day: 1), 0),
        (CivilTime(year: 1969, month: 12, day: 31), -1),
        (CivilTime(year: 2016, month: 2, day: 29), 16_860),
        (CivilTime(year: 2000, month: 3, day: 1), 11_017),
        (CivilTime(year: 1900, month: 1, day: 1), -25_567),
    ])
    func `days are counted from 1970`(time: CivilTime, days: Int) {
        #expect(time.daysSinceEpoch == days)
    }

    @Test(arguments: [
        ((2016, 7, 22), 36), ((2016, 7, 23), 37), ((2016, 8, 1), 37), ((1980, 7, 22), 0),
    ])
    func `a year is full on the birthday`(today: (Int, Int, Int), age: Int) {
        let birth = CivilTime(year: 1979, month: 7, day: 23)
        let day = CivilTime(year: today.0, month: today.1, day: today.2)
        #expect(day.yearsSince(birth) == age)
    }
}
