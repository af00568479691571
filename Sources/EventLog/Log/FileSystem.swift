internal import Glibc

/// The calls on directories and whole files that the log needs.
enum FileSystem {
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func size(_ path: String) throws(EventLogError) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .system("stat", path) }
        return status.st_size
    }

    /// Makes the directory unless it exists, and its entry in its parent durable.
    static func makeDirectory(_ path: String) throws(EventLogError) {
        if unsafe mkdir(path, 0o750) == 0 {
            try synchronizeDirectory(parent(of: path))
        } else if errno != EEXIST {
            throw .system("mkdir", path)
        }
    }

    static func parent(of path: String) -> String {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    static func isEmptyDirectory(_ path: String) throws(EventLogError) -> Bool {
        guard let stream = unsafe opendir(path) else { throw .system("opendir", path) }
        defer { unsafe closedir(stream) }
        var names = 0
        while unsafe readdir(stream) != nil { names += 1 }
        return names <= 2
    }

    static func synchronizeDirectory(_ path: String) throws(EventLogError) {
        try synchronize(path, flags: O_RDONLY | O_DIRECTORY)
    }

    static func synchronize(
        _ path: String, flags: Int32 = O_RDONLY
    ) throws(EventLogError) {
        let descriptor = unsafe open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("fsync", path) }
    }

    static func freeBytes(_ path: String) throws(EventLogError) -> Int {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw .system("statvfs", path) }
        return Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }
}
