internal import Glibc

extension FileSystem {
    /// The names of what is in the directory at `path`, in no particular order.
    static func names(in path: String) throws(EventLogError) -> [String] {
        guard let stream = unsafe opendir(path) else { throw .system("opendir", path) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    unsafe String(cString: text)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Reads the whole file at `path`.
    static func contents(of path: String) throws(EventLogError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("fstat", path) }
        var bytes = [UInt8](repeating: 0, count: status.st_size)
        var done = 0
        while done < bytes.count {
            let received = unsafe bytes.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
                return unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
            }
            if received < 0 {
                if errno == EINTR { continue }
                throw .system("read", path)
            }
            if received == 0 { break }
            done += received
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }

    /// Puts `bytes` in place of the file at `path`, wholly or not at all: written under the name
    /// `temporary` in the same directory, synced, renamed, and the directory synced.
    static func replace(
        _ path: String, with bytes: [UInt8], temporary: String
    ) throws(EventLogError) {
        let descriptor = unsafe open(
            temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(0o640))
        guard descriptor >= 0 else { throw .system("open", temporary) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
                return unsafe write(descriptor, rest.baseAddress, rest.count)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw .system("write", temporary)
            }
            done += written
        }
        guard fdatasync(descriptor) == 0 else { throw .system("fdatasync", temporary) }
        guard unsafe rename(temporary, path) == 0 else { throw .system("rename", path) }
        try synchronizeDirectory(parent(of: path))
    }

    /// Deletes the file at `path`; one that is gone already is no error.
    static func remove(_ path: String) throws(EventLogError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .system("unlink", path) }
    }
}
