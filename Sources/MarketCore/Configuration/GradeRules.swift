/// How an advisor's grade follows from the results of their last assignments (R9.4).
///
/// An assignment counts once it is settled: its first report came, or a day passed without. Without
/// ``window`` settled assignments among the last ``AdvisorRecord/length`` the grade stays as it is.
public struct GradeRules: Hashable, Sendable {
    /// The least shares a grade asks for, in basis points, 0...10,000; all must be reached.
    public struct Thresholds: Hashable, Sendable {
        /// Assignments with a connected call of those with a reported call.
        public var connection: Int
        /// Assignments whose first report came within a day of the release.
        public var discipline: Int
        /// Assignments that passed the approved stage.
        public var approval: Int

        /// Asks for shares.
        public init(connection: Int, discipline: Int, approval: Int) {
            self.connection = connection
            self.discipline = discipline
            self.approval = approval
        }
    }

    /// How many of the latest settled assignments count, 1...``AdvisorRecord/length``.
    public var window: Int
    /// What elite asks for.
    public var elite: Thresholds
    /// What standard asks for; below it is novice.
    public var standard: Thresholds

    /// The time in which a report shows discipline.
    public static let reportPeriod = Timespan.days(1)

    /// Makes rules.
    public init(window: Int, elite: Thresholds, standard: Thresholds) {
        self.window = window
        self.elite = elite
        self.standard = standard
    }
}
