import Glibc
import MarketCore
import MarketWorkload

/// The same job without an index, a socket or a database: arrays in the order of ranks, looked through for each
/// lead, and a file of sales with one sync for as many leads as 32 connections have in flight.
struct PlainScan {
    private let job: PeerJob
    /// By category, best first.
    private var live: [[PeerJob.Offer]]
    private var left: [Int]
    private var balances: [Int64]

    private static let batch = 512

    init(_ job: PeerJob) {
        self.job = job
        live = (1...7).map { category in
            job.offers.filter { $0.category == category }.sorted { $0.rank < $1.rank }
        }
        left = [0] + job.offers.map(\.quantity)
        balances = [0] + job.workload.advisors.map(\.deposit.fen)
    }

    mutating func run(seconds: Int, path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard file >= 0 else { PeerData.fail("\(path) cannot be written") }
        defer { close(file) }
        var (person, sold) = (0, 0)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(seconds) {
            var lines = ""
            for _ in 0..<Self.batch {
                if let (order, charge) = sell(job.leads[person % job.leads.count]) {
                    lines += "\(person) \(order) \(charge)\n"
                    sold += 1
                }
                person += 1
            }
            let written = lines.utf8.withContiguousStorageIfAvailable {
                Glibc.write(file, $0.baseAddress, $0.count)
            }
            guard written == lines.utf8.count, fdatasync(file) == 0 else {
                PeerData.fail("\(path) cannot be written")
            }
        }
        let elapsed = ContinuousClock.now - start
        print(person, sold, elapsed / .seconds(1))
    }

    private mutating func sell(_ lead: PeerJob.Lead) -> (order: Int, charge: Int64)? {
        for category in lead.categories {
            let orders = live[category - 1]
            guard
                let place = orders.firstIndex(where: {
                    $0.takes(lead) && balances[$0.advisor] >= $0.charge
                })
            else { continue }
            let offer = orders[place]
            left[offer.order] -= 1
            balances[offer.advisor] -= offer.charge
            if left[offer.order] == 0 { live[category - 1].remove(at: place) }
            return (offer.order, offer.charge)
        }
        return nil
    }
}
