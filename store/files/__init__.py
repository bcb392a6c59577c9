"""The only package that calls the operating system for files, so that a test can put faults beneath it.

Files are made 0600 and folders 0700 whatever the umask; links, FIFOs, folders and devices in the place of a file are
refused; nothing here waits for ever.
"""

from store.files.appending import Appender
from store.files.folders import (
    PRIVATE_FOLDER,
    folder_held,
    make_folder,
    make_parents,
    remove_folder,
    rename_folder,
)
from store.files.locking import lock_now, open_lock, process, unlock, write_start
from store.files.looking import (
    Stamp,
    absolute,
    changed,
    extent,
    is_loose,
    is_within,
    is_writable,
    kind,
    names,
    network_kind,
    now_ns,
    stamp,
)
from store.files.reading import PRIVATE_FILE, close, inode, open_file, read_capped, read_range, read_start
from store.files.writing import (
    TEMP_END,
    SyncError,
    atomic_write,
    remove,
    sync_file,
    sync_folder,
    truncate,
    write_all,
    write_private,
)

__all__ = [
    "PRIVATE_FILE",
    "PRIVATE_FOLDER",
    "TEMP_END",
    "Appender",
    "Stamp",
    "SyncError",
    "absolute",
    "atomic_write",
    "changed",
    "close",
    "extent",
    "folder_held",
    "inode",
    "is_loose",
    "is_within",
    "is_writable",
    "kind",
    "lock_now",
    "make_folder",
    "make_parents",
    "names",
    "network_kind",
    "now_ns",
    "open_file",
    "open_lock",
    "process",
    "read_capped",
    "read_range",
    "read_start",
    "remove",
    "remove_folder",
    "rename_folder",
    "stamp",
    "sync_file",
    "sync_folder",
    "truncate",
    "unlock",
    "write_all",
    "write_private",
    "write_start",
]
