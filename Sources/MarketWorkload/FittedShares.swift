/// What generated leads are like, fitted to real ones.
///
/// Source: "Happy Customer Bank" (public as banking-loan-prediction), 69,713 loan leads of 92 days in 2016, measured over the
/// whole file; each constant says how. Amounts there are in the bank's own units and are multiplied by ``amountScale``. What
/// that file does not have (region codes, flags, hours, delays, orders) is made up and says so.
package enum FittedShares {
    // MARK: Cities

    /// Measured: shares of the ten largest of 678 cities among the 68,899 rows that name one.
    package static let largestCities = [
        0.1452, 0.1265, 0.1258, 0.0848, 0.0808, 0.0610, 0.0334, 0.0210, 0.0153, 0.0140,
    ]
    /// Fitted to the other 668: share of rank r (from 1, after the ten) ~ 1 / (r + shift)^exponent, over 327 prefectures instead,
    /// because the generated codes are those of GB/T 2260. Greatest error of the cumulated share: 5 % of the tail, 1.5 % of all.
    package static let tailExponent = 1.17
    /// See ``tailExponent``.
    package static let tailShift = 6.0
    /// Measured: 814 of 69,713 rows name no city.
    package static let regionDeclared = 0.988

    // MARK: Amounts

    /// Made up: yuan for one of the bank's units, so that the median income is 7,500 yuan.
    package static let amountScale = 3.0
    /// Measured: median monthly income 2,500 units; ln 2500.
    package static let incomeLogMedian = 7.824
    /// Fitted: quartiles 1,650 and 4,000, deciles 1,200 and 6,200; (ln 4000 - ln 1650) / 1.349.
    package static let incomeLogSpread = 0.65
    /// Measured: 33.05 % of the rows have an instalment to pay already.
    package static let instalmentShare = 0.3305
    /// Made up in size, real in sign: the share grows with the logarithm of the income (32 % to 43 % from the lowest fifth to the highest).
    package static let instalmentSlope = 0.20
    /// Measured: median of those instalments 602 units; ln 602.
    package static let instalmentLogMedian = 6.40
    /// Fitted: quartiles 350 and 1,200.
    package static let instalmentLogSpread = 0.91
    /// Measured: 42,004 of 69,713 rows name the amount and the years wanted.
    package static let loanDeclared = 0.6025
    /// Measured: mean of ln(amount) among them.
    package static let loanLogMean = 10.327
    /// Measured: regression of ln(amount) on ln(income); correlation 0.43.
    package static let loanIncomeSlope = 0.4625
    /// Measured: mean of ln(income) among the rows that name an amount.
    package static let loanIncomeLogMean = 8.064
    /// Measured: spread that remains of ln(amount).
    package static let loanLogResidual = 0.652
    /// Measured: shares of 1, 2, 3, 4 and 5 years.
    package static let loanYears = [0.0449, 0.1016, 0.1681, 0.2890, 0.3964]

    // MARK: People

    /// Fitted: age = 18 + exp(normal); measured quantiles 20, 26, 29, 33, 40, 55 (1, 25, 50, 75, 90, 99 %).
    package static let ageLogMedian = 2.40
    /// See ``ageLogMedian``.
    package static let ageLogSpread = 0.55

    // MARK: Arrivals

    /// Measured: share of leads by weekday, Monday first.
    package static let weekdays = [0.1589, 0.1545, 0.1585, 0.1568, 0.1644, 0.1241, 0.0829]
    /// Made up: weight of each hour of the day, from midnight.
    package static let hours: [Double] = [
        2, 1, 1, 1, 1, 1, 2, 4, 9, 14, 15, 13, 11, 12, 13, 13, 12, 11, 10, 11, 13, 12, 9, 5,
    ]

    // MARK: Sources

    /// Measured: shares of the source classes B (42.8 %), G (38.0 %) and all others (C, E, D, F, A; 19.2 %), here as channels of
    /// the shipped market. The last is split in a way that is made up.
    package static let channels: [(name: String, share: Double)] = [
        ("direct", 0.4276), ("partner-a", 0.3804), ("partner-b", 0.0720), ("partner-c", 0.0800),
        ("exchange", 0.0400),
    ]
    /// The channels among them that submit leads, have no daily cap and are never broken, for benchmarks.
    package static let steadyChannels: [(name: String, share: Double)] = [
        ("direct", 0.4276), ("partner-a", 0.3804), ("partner-b", 0.1920),
    ]
    /// The channel that pings and posts.
    package static let pingChannel = "exchange"
    /// The channel that hands in leads without consent for some days.
    package static let unreliableChannel = "partner-c"

    // MARK: Outcomes

    /// Measured: 64.95 % of the leads were reached by telephone. The buckets below are weighted so that this comes out.
    package static let contactedShare = 0.6495
    /// Made up in their weights; the rates follow `domain.md` section 0 (fresh: nearly all; a week later: 30-50 %), lowered so that
    /// the whole gives ``contactedShare``.
    package static let callDelays: [(seconds: ClosedRange<Int>, share: Double, connected: Double)] =
        [
            (30...290, 0.27, 0.87), (301...1_790, 0.15, 0.78), (1_801...3_590, 0.10, 0.70),
            (3_601...86_000, 0.25, 0.59), (86_401...258_000, 0.12, 0.43),
            (259_201...600_000, 0.07, 0.31), (604_801...850_000, 0.04, 0.20),
        ]
    /// Measured: 1,020 of 69,713 were approved, 1.87 % of those reached; here, of those reached, a lead whose stage is reported as
    /// approved.
    package static let approvedOfConnected = 0.0225
    /// Made up: how a call that reached nobody ended.
    package static let failedCalls: [(outcome: String, share: Double)] = [
        ("noAnswer", 0.60), ("busy", 0.12), ("poweredOff", 0.11), ("refused", 0.08),
        ("outOfService", 0.03), ("noSuchNumber", 0.025), ("wrongPerson", 0.02),
        ("unqualified", 0.01), ("industryPeer", 0.005),
    ]

    // MARK: Returns

    /// Made up: how many of the calls that ended so are followed by the wish for the money back.
    package static let returnsOfCalls: [String: Double] = [
        "noSuchNumber": 0.85, "outOfService": 0.75, "wrongPerson": 0.75, "unqualified": 0.70,
        "industryPeer": 0.80,
    ]
    /// Made up: how many of those who have applied before are said to have been bought before.
    package static let returnsOfRepeated = 0.25
    /// Made up: how many of those reached turn out not to be what the lead declared, and are given back.
    package static let returnsOfConnected = 0.012
}
