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
            words(LeadRejection.self)
                == "channelPaused channelCapped suppressed industryPeer noConsent duplicate unqualified"
        )
        #expect(
            words(LeadClosure.self)
                == "expired withdrawn suppressed erased consentTimedOut pingUnmatched pingExpired postRejected"
        )
        #expect(
            words(VoidReason.self)
                == "declined acceptanceTimedOut consentRefused consentTimedOut pingExpired postRejected withdrawn suppressed erased advisorSuspended"
        )
        #expect(
            words(ReturnReason.self)
                == "noSuchNumber outOfService wrongPerson industryPeer duplicate unqualified")
        #expect(
            words(RankKey.self) == "dedicated priority premium gradeFit leastRecentlyServed")
        #expect(words(TierRules.Aspect.self) == "activity ability willingness")
        #expect(words(DueItem.Kind.self) == "offer orderTurn bindingEnd leadAge deadline")
        #expect(
            words(LeadStatus.self)
                == "waiting released expired withdrawn suppressed erased rejected reserved tested consentTimedOut pingUnmatched pingExpired postRejected"
        )
        #expect(words(OrderState.self) == "live notLive")
        #expect(
            words(AssignmentState.self)
                == "unacknowledged acknowledged reserved voided returned overdue")
        #expect(words(AssignmentStatus.self) == "reserved released voided")
        #expect(words(ReturnSelection.self) == "open decided")
        #expect(words(ReturnOutcome.self) == "open approved refused")
        #expect(words(ChannelState.self) == "test live paused")
        #expect(
            words(Weekday.self) == "monday tuesday wednesday thursday friday saturday sunday")
        #expect(words(RateGrouping.self) == "bucket category channel advisor")
        #expect(words(LeadGrouping.self) == "status category channel")
        #expect(words(AttributeKindWord.self) == "flag integer choice region")
        #expect(
            Unliveness.words.map(\.word).joined(separator: " ")
                == "paused filled cancelled expired notStarted outsideWindow hourCap dayCap spendCap noFunds advisorOffline advisorSuspended advisorCap openWorkLimit categoryRetired"
        )
        #expect(Unliveness([.noFunds, .paused]).reasonWords == ["paused", "noFunds"])
    }

    @Test func `words of explanations are fixed for ever`() {
        #expect(words(VerdictWord.self) == "won ineligible outranked laterCategory")
        #expect(
            words(IneligibilityWord.self)
                == "otherCategory notLive filtered tooOld insufficientFunds spendCapExceeded boundElsewhere consentElsewhere excluded"
        )
        #expect(words(DecisionKind.self) == "reserved rejected closed waiting tested")
        #expect(words(TestOutcomeWord.self) == "matched unmatched rejected")
    }

    @Test(arguments: [("00:00", 0), ("09:05", 545), ("23:59", 1_439), ("24:00", 1_440)])
    func `a time of day is read and written`(text: String, minute: Int) {
        #expect(ClockText.parse(text) == minute)
        #expect(ClockText.format(minute) == text)
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
