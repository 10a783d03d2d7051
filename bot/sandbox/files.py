"""Files that were sent, by either side."""

from __future__ import annotations

import mimetypes
import struct
from pathlib import PurePosixPath

from bot.sandbox import ids
from bot.sandbox.keeper import Keeper
from bot.sandbox.values import Attachment

LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


class Files:
    """Every file has one id for ever, with which it can be sent again."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def add(self, kind: str, name: str, content: bytes, mime_type: str | None = None) -> Attachment:
        """Keep the file and return it as it hangs on a message."""
        name = PurePosixPath(name.replace("\\", "/")).name or "file"
        guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if mime_type is None or mime_type == "application/octet-stream":
            mime_type = guessed
        width, height = dimensions(content) if kind == "photo" else (0, 0)
        if kind == "photo":
            mime_type = "image/png" if content.startswith(PNG) else "image/jpeg"
        unique = ids.word(11)
        suffix = PurePosixPath(name).suffix
        attachment = Attachment(
            kind,
            f"BQACAgIAAxkDAAI{ids.word(32)}",
            f"AgAD{unique}",
            name,
            mime_type,
            len(content),
            f"{kind}s/file_{unique}{suffix}",
            width,
            height,
        )
        self._keeper.keep_file(attachment, content)
        return attachment

    def find(self, file_id: str) -> tuple[Attachment, bytes] | None:
        return self._keeper.file(file_id)

    def find_at(self, path: str) -> tuple[Attachment, bytes] | None:
        return self._keeper.file_at(path)


def dimensions(content: bytes) -> tuple[int, int]:
    """Return width and height of a PNG; other pictures count as one of Telegram's own sizes."""
    if content.startswith(PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return 1280, 960
