import Foundation

/// Prefectures in the manner of GB/T 2260, and how many leads come from each.
struct SyntheticRegions: Sendable {
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
    let prefectures: [String]
    private let choice: WeightedChoice

    init() {
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
    func prefecture(using random: inout SplitMix64) -> String {
        prefectures[choice.index(using: &random)]
    }

    /// A county of a prefecture, six digits.
    func county(using random: inout SplitMix64) -> String {
        prefecture(using: &random) + "0" + String(1 + random.integer(below: 9))
    }
}
