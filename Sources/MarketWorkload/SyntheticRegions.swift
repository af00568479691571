import Glibc

/// Prefectures in the manner of GB/T 2260, and how many leads come from each.
package struct SyntheticRegions: Sendable {
    /// The ten with most leads: Shanghai, Beijing, Shenzhen, Guangzhou, Hangzhou, Chengdu, Chongqing, Wuhan, Suzhou, Nanjing.
    private static let largest = [
        "3101", "1101", "4403", "4401", "3301", "5101", "5001", "4201", "3205", "3201",
    ]
    /// Provinces and how many prefectures each has.
    private static let provinces: [(code: Int, prefectures: Int)] = [
        (11, 1), (12, 1), (13, 11), (14, 11), (15, 12), (21, 14), (22, 9), (23, 13), (31, 1),
        (32, 13), (33, 11), (34, 16), (35, 9), (36, 11), (37, 16), (41, 17), (42, 13), (43, 14),
        (44, 21), (45, 14), (46, 4), (50, 1), (51, 21), (52, 9), (53, 16), (54, 7), (61, 10),
        (62, 14), (63, 8), (64, 5), (65, 14),
    ]

    /// Codes of four digits, the one with most leads first.
    package let prefectures: [String]
    private let choice: WeightedChoice
    private let hotShare: Double

    /// Regions as the real leads have them.
    ///
    /// - Parameter hotShare: how much of everything comes from the first prefecture besides, 0...1.
    package init(hotShare: Double = 0) {
        self.hotShare = hotShare
        var prefectures = Self.largest
        for number in 1...21 {
            for province in Self.provinces where number <= province.prefectures {
                let code = String(province.code * 100 + number)
                if !Self.largest.contains(code) { prefectures.append(code) }
            }
        }
        let tail = (1...(prefectures.count - Self.largest.count)).map { rank in
            pow(Double(rank) + FittedShares.tailShift, -FittedShares.tailExponent)
        }
        let scale =
            (1 - FittedShares.largestCities.reduce(0, +)) / tail.reduce(0, +)
        self.prefectures = prefectures
        choice = WeightedChoice(FittedShares.largestCities + tail.map { $0 * scale })
    }

    /// A prefecture, four digits.
    package func prefecture(using random: inout SplitMix64) -> String {
        if hotShare > 0, random.chance(hotShare) { return prefectures[0] }
        return prefectures[choice.index(using: &random)]
    }

    /// A county of a prefecture, six digits.
    package func county(using random: inout SplitMix64) -> String {
        prefecture(using: &random) + "0" + String(1 + random.integer(below: 9))
    }
}
