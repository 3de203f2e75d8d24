"""How much of a file we are ready to look at. Each limit is there because of a kind of file that
would otherwise take the worker's memory, its disk or its day."""

MEGABYTE = 1024 * 1024

# A table of an agency has dozens of columns, seldom hundreds. A million come from a wrong
# delimiter, or from somebody who wants every column to cost us an array.
MAX_COLUMNS = 2_000

# A workbook is held whole in memory by its reader: about two bytes for each byte of its XML, and
# 32 for each cell of the rectangle that its outermost cells span, filled or not.
WORKBOOK_BYTES = 128 * MEGABYTE
WORKBOOK_UNPACKED = 512 * MEGABYTE
WORKBOOK_CELLS = 24_000_000
# Its reader copies a shared text into each cell that names it.
WORKBOOK_TEXT = 1024 * MEGABYTE
# Cells that hold an error or a formula without a value are remembered by place.
WORKBOOK_ODD_CELLS = 500_000
# A cell holds at most 32,767 characters; with marks around it no cell comes near this.
WORKBOOK_CELL_XML = 8 * MEGABYTE

# A part of XML that starts with this much that is no element is no part of a workbook.
XML_PROLOG = 64 * 1024
# Lists of sheets and relations; real ones have some kilobytes.
XML_INDEX = 4 * MEGABYTE

# A zip is unpacked to disk one member at a time; the sum is what a reading of a folder may cost.
ARCHIVE_UNPACKED = 8 * 1024 * MEGABYTE
ARCHIVE_MEMBERS = 10_000
ARCHIVE_DIRECTORY = 16 * MEGABYTE
# Deflate cannot do better than 1,032; tables come to 5 to 50. Small members may be anything.
ARCHIVE_RATIO = 250
RATIO_COUNTS_FROM = 16 * MEGABYTE

# A line is looked through with eight bytes of notes for each of its own.
LONGEST_CSV_LINE = 16 * MEGABYTE

# One record of JSON; also how far the array may be from the start of its file.
LONGEST_JSON = 16 * MEGABYTE

# A memo is a remark that somebody typed; its length is what the file says of itself.
LONGEST_MEMO = 4 * MEGABYTE
# Many records may name the same memo: what the records of one block bring together.
MEMOS_AT_ONCE = 64 * MEGABYTE

# A page of Parquet says itself how large it becomes; writers make them of one megabyte, and some
# put a whole column chunk into one. A page of each column is held at a time.
PARQUET_PAGE = 256 * MEGABYTE
PARQUET_PAGES_AT_ONCE = 512 * MEGABYTE
PARQUET_FOOTER = 32 * MEGABYTE
# Lists in the footer: columns, row groups, columns of a row group.
PARQUET_LIST = 100_000
# A dictionary lets a page of some bytes stand for texts without end; so much is unfolded at once.
TEXT_AT_ONCE = 128 * MEGABYTE
