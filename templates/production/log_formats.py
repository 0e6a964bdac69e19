LINE_ENDS = {c: f"\\x{c:02x}" for c in (*range(32), *range(127, 160), 0x2028, 0x2029)}


class OneLineFormatter(logging.Formatter):
    """Format a message as one line, so that no visitor can make up lines of the log."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line, with its traceback, if there is one, below."""
        line = copy(record)
        line.msg, line.args = record.getMessage().translate(LINE_ENDS), None
        return super().format(line)


LOG_FORMATS = {
    "text": OneLineFormatter("%(asctime)s %(levelname)s %(request_id)s %(message)s"),
    "json": JsonFormatter(
        "%(levelname)s %(name)s %(message)s",
        rename_fields={"levelname": "level", "name": "logger"},
        timestamp=True,
    ),
}
WELL_FORMED_ID = re.compile("[A-Za-z0-9._-]{1,128}")
