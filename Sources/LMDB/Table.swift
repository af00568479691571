internal import CLMDB

/// A named table of an environment: a sorted map from keys to values.
///
/// The handle is valid for as long as its environment is open.
public struct Table: Sendable {
    /// How keys are compared.
    public enum Keys: Sendable {
        /// As unsigned 64-bit numbers of the machine.
        case integers
        /// As bytes, from the left; shorter first.
        case bytes
    }

    /// The name.
    public let name: String
    /// How keys are compared.
    public let keys: Keys
    let handle: MDB_dbi
}
