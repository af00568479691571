/// The daemon's version.
public enum Version {
    /// As `market.info` and `leadmarketd --version` tell it.
    public static let current = "0.1.0"
}
