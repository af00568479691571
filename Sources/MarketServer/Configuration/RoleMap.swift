internal import Glibc
public import MarketCore

/// What one caller may do.
public struct Grant: Hashable, Sendable {
    /// The caller's role.
    public var role: Role
    /// A supplier's one channel; `nil` for every other role.
    public var channel: Name?

    /// Gives `role`, and to suppliers a channel.
    public init(role: Role, channel: Name? = nil) {
        self.role = role
        self.channel = channel
    }
}

/// Who is at the other end of a connection, as the kernel says.
public struct PeerCredentials: Hashable, Sendable {
    /// The process.
    public var pid: Int32
    /// Its user.
    public var uid: UInt32
    /// Its primary group.
    public var gid: UInt32

    /// Names a process with its user and primary group.
    public init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }
}

/// Who may do what: roles by user, and by primary group for users not named themselves.
public struct RoleMap: Hashable, Sendable {
    /// Grants by uid.
    public var users: [UInt32: Grant] = [:]
    /// Grants by primary gid.
    public var groups: [UInt32: Grant] = [:]
    /// The daemon's own user, who is an operator unless named otherwise.
    public var ownUser: UInt32

    /// Nobody but the daemon's own user has a role.
    public init() {
        ownUser = geteuid()
    }

    /// What the caller may do; `nil` when nothing.
    public func grant(to peer: PeerCredentials) -> Grant? {
        if let grant = users[peer.uid] { return grant }
        if let grant = groups[peer.gid] { return grant }
        return peer.uid == ownUser ? Grant(role: .operator) : nil
    }

    init(_ source: ConfigurationSource) throws(ConfigurationError) {
        self.init()
        let roles: [(String, Role)] = [
            ("frontend", .frontend), ("operator", .operator), ("auditor", .auditor),
            ("supplier", .supplier),
        ]
        for (word, role) in roles {
            let users = "roles.\(word).users"
            for entry in try source.list(users) ?? [] {
                let (id, grant) = try Self.parse(entry, role, key: users, kind: "user", Self.uid)
                guard self.users.updateValue(grant, forKey: id) == nil else {
                    throw .ambiguousRole(caller: "user \(id)")
                }
            }
            let groups = "roles.\(word).groups"
            for entry in try source.list(groups) ?? [] {
                let (id, grant) = try Self.parse(entry, role, key: groups, kind: "group", Self.gid)
                guard self.groups.updateValue(grant, forKey: id) == nil else {
                    throw .ambiguousRole(caller: "group \(id)")
                }
            }
        }
    }

    /// Reads `ID`, or `ID=CHANNEL` for suppliers; an id is a number or a name the system knows.
    private static func parse(
        _ entry: String, _ role: Role, key: String, kind: String, _ identify: (String) -> UInt32?
    ) throws(ConfigurationError) -> (UInt32, Grant) {
        let parts = entry.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        let channel = parts.count == 2 ? Name(parts[1]) : nil
        let isWellFormed = role == .supplier ? channel != nil : parts.count == 1
        guard isWellFormed, let id = UInt32(parts[0]) ?? identify(parts[0]) else {
            let form = role == .supplier ? "\"ID=CHANNEL\"" : "an ID"
            throw .badValue(
                key: key, value: entry,
                expected: "\(form), where ID is the number or name of a \(kind) of this machine")
        }
        return (id, Grant(role: role, channel: channel))
    }

    private static func uid(_ name: String) -> UInt32? {
        unsafe getpwnam(name).map { unsafe $0.pointee.pw_uid }
    }

    private static func gid(_ name: String) -> UInt32? {
        unsafe getgrnam(name).map { unsafe $0.pointee.gr_gid }
    }
}
