import MarketCore
import MarketRPC
import Testing

struct WordsTests {
    private func words<Word: WireWord>(_ type: Word.Type) -> String {
        for value in Word.allCases { #expect(Word(word: value.word) == value) }
        #expect(Word(word: "noSuchWord") == nil)
        return Word.words.joined(separator: " ")
    }

    @Test func `words are fixed for ever`() {
        #expect(words(Role.self) == "market frontend supplier operator auditor")
        #expect(words(ClockKind.self) == "real supplied")
        #expect(words(Grade.self) == "elite standard novice")
        #expect(
            words(CallOutcome.self)
                == "connected noAnswer busy poweredOff outOfService noSuchNumber wrongPerson refused industryPeer unqualified"
        )
        #expect(words(Stage.self) == "applied prescreened approved drawn repeated")
        #expect(
            words(LeadRejection.self) == "channelPaused suppressed noConsent duplicate unqualified")
        #expect(words(LeadClosure.self) == "expired withdrawn suppressed erased")
        #expect(words(DueItem.Kind.self) == "offer orderStart bindingEnd leadAge")
        #expect(
            words(LeadStatus.self)
                == "waiting released expired withdrawn suppressed erased rejected")
        #expect(words(OrderState.self) == "live notLive")
        #expect(words(AssignmentState.self) == "unacknowledged acknowledged")
        #expect(words(RateGrouping.self) == "bucket category channel advisor")
        #expect(words(LeadGrouping.self) == "status category channel")
        #expect(words(AttributeKindWord.self) == "flag integer choice region")
        #expect(
            Unliveness.words.map(\.word).joined(separator: " ")
                == "paused filled cancelled expired notStarted noFunds advisorOffline advisorSuspended categoryRetired"
        )
        #expect(Unliveness([.noFunds, .paused]).reasonWords == ["paused", "noFunds"])
    }

    @Test(
        arguments: [
            ("0s", 0), ("1us", 1), ("250ms", 250_000), ("90s", 90_000_000), ("5m", 300_000_000),
            ("36h", 129_600_000_000), ("30d", 2_592_000_000_000),
        ] as [(String, Int64)])
    func `a duration is read and written`(text: String, microseconds: Int64) {
        #expect(DurationText.parse(text) == Timespan(microseconds: microseconds))
        #expect(DurationText.format(Timespan(microseconds: microseconds)) == text)
    }

    @Test func `durations of other units become the longest that fits`() {
        #expect(DurationText.parse("24h").map(DurationText.format) == "1d")
        #expect(DurationText.parse("1440m").map(DurationText.format) == "1d")
        #expect(DurationText.parse("106751991d") != nil)
        #expect(DurationText.parse("106751992d") == nil)
    }

    @Test func `bytes are written as hexadecimal digits`() {
        let bytes = Bytes16(high: 1, low: 0xFEDC_BA98_7654_3210)
        #expect(Hexadecimal.text(bytes) == "0000000000000001fedcba9876543210")
        #expect(Hexadecimal.text(Digest32(high: bytes, low: bytes)).count == 64)
    }

    @Test(arguments: [
        ContactDetails(phone: "13800138000"),
        ContactDetails(phone: "1", name: "王女士", note: String(repeating: "\"\n", count: 128)),
        ContactDetails(phone: "1", note: ""),
    ])
    func `contact details come back from their bytes`(contact: ContactDetails) {
        let bytes = contact.encoded
        #expect(ContactDetails(encoded: bytes) == contact)
        for count in 0..<bytes.count {
            #expect(ContactDetails(encoded: Array(bytes.prefix(count))) != contact)
        }
    }

    @Test func `the longest contact details fit below the market's limit`() {
        let contact = ContactDetails(
            phone: String(repeating: "1", count: PhonePattern.maximumDigits),
            name: String(repeating: "n", count: ContactDetails.maximumNameBytes),
            note: String(repeating: "n", count: ContactDetails.maximumNoteBytes))
        #expect(contact.encoded.count <= 512)
        #expect(ContactDetails(encoded: [0x0A]) == nil)
        #expect(ContactDetails(encoded: [0x0A, 1, 0xFF]) == nil)
        #expect(ContactDetails(encoded: [0x08, 1]) == nil)
    }
}
