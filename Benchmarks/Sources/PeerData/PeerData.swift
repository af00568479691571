import Glibc
import MarketCore
import MarketWorkload

/// What the comparison with peers (`Benchmarks/peers/run`) needs of the workload:
///
///     peerdata export DIRECTORY ORDERS      the job as files of words
///     peerdata check ORDERS                 whether sales, lines of person, order and charge, are right
///     peerdata scan ORDERS SECONDS FILE     the job by a plain scan on one thread, made durable in FILE:
///                                           prints leads, sold, seconds
@main
enum PeerData {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        switch (words.first, words.count) {
        case ("export", 3):
            export(PeerJob(orders: number(words.dropFirst(2).first)), to: words[2])
        case ("check", 2):
            check(PeerJob(orders: number(words.dropFirst().first)))
        case ("scan", 4):
            var scan = PlainScan(PeerJob(orders: number(words.dropFirst().first)))
            scan.run(seconds: number(words.dropFirst(2).first), path: words[4])
        default:
            fail("usage: export DIRECTORY ORDERS | check ORDERS | scan ORDERS SECONDS FILE")
        }
    }

    static func number(_ word: String?) -> Int {
        guard let word, let number = Int(word) else { fail("a number is missing") }
        return number
    }

    static func fail(_ message: String) -> Never {
        let text = "peerdata: \(message)\n"
        _ = Glibc.write(2, text, text.utf8.count)
        exit(1)
    }

    private static func write(_ lines: [String], to path: String) {
        guard let file = fopen(path, "w") else { fail("\(path) cannot be written") }
        for line in lines { fputs(line + "\n", file) }
        guard fclose(file) == 0 else { fail("\(path) cannot be written") }
    }

    // MARK: Writing the job down

    private static func export(_ job: PeerJob, to directory: String) {
        let advisors = job.workload.advisors.enumerated().map { "\($0 + 1)\t\($1.deposit.fen)" }
        write(advisors, to: directory + "/advisors.tsv")
        let offers = job.offers.flatMap { offer in
            offer.regions.map { region in
                let words: [Any] = [
                    offer.order, offer.category, region, offer.rank, offer.advisor, offer.charge,
                    offer.leastIncome, offer.leastAge, offer.mostAge, offer.asksInsured ? 1 : 0,
                    offer.employments, offer.mostInstalment, offer.quantity,
                ]
                return words.map { "\($0)" }.joined(separator: "\t")
            }
        }
        write(offers, to: directory + "/offers.tsv")
        let leads = job.leads.map { lead in
            let categories = lead.categories.map(String.init).joined()
            return "\(categories) \(lead.province) \(lead.city) \(lead.income) \(lead.age) "
                + "\(lead.isInsured ? 1 : 0) \(lead.employment) \(lead.instalment)"
        }
        write(leads, to: directory + "/leads.tsv")
    }

    // MARK: Checking

    /// No person twice, no order over its quantity, nobody over their deposit, and every order sold a lead that
    /// it takes at its price.
    private static func check(_ job: PeerJob) {
        var persons: Set<Int> = []
        var sold = [Int](repeating: 0, count: job.offers.count + 1)
        var spent = [Int64](repeating: 0, count: job.workload.advisors.count + 1)
        while let line = readLine() {
            let words = line.split(separator: " ").compactMap { Int($0) }
            guard words.count == 3, job.offers.indices.contains(words[1] - 1) else {
                fail("\(line) is no sale")
            }
            let offer = job.offers[words[1] - 1]
            let lead = job.leads[words[0] % job.leads.count]
            guard persons.insert(words[0]).inserted else { fail("person \(words[0]) sold twice") }
            guard lead.categories.contains(offer.category), offer.takes(lead) else {
                fail("order \(offer.order) does not take lead \(words[0])")
            }
            guard offer.charge == Int64(words[2]) else { fail("\(line): another price") }
            sold[offer.order] += 1
            spent[offer.advisor] += offer.charge
            guard sold[offer.order] <= offer.quantity else { fail("order \(offer.order) is over") }
            guard spent[offer.advisor] <= job.workload.advisors[offer.advisor - 1].deposit.fen
            else {
                fail("advisor \(offer.advisor) is over")
            }
        }
        guard !persons.isEmpty else { fail("there are no sales") }
        print("\(persons.count) sales are right")
    }
}
