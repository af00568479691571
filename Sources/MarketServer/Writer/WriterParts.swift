internal import EventLog
internal import MarketCore

/// What the writer works with; all of it may be shared between threads.
struct WriterParts: Sendable {
    /// Where requests come from.
    let mailbox: Mailbox
    /// Where records and keys go.
    let storage: any DurableStorage
    /// What must stay free.
    let reserve: StorageReserve
    /// What sessions read parameters with.
    let schema: SchemaBoard
    /// Lets replies go.
    let deliver: @Sendable (ReplyBatch) -> Void
    /// Hands the follower what was committed, and the new head, without waking it.
    let committed: @Sendable ([RecordedEvent], LogPosition) -> Void
    /// Wakes the follower.
    let follow: @Sendable () -> Void
    /// Waits until the follower is not too far behind the head.
    let keepPace: @Sendable (LogPosition) -> Void
    /// Has the follower work out its digest at a position, which is the head.
    let compare: @Sendable (LogPosition, @escaping @Sendable (MarketDigest) -> Void) -> Void
}
