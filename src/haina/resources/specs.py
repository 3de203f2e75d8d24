"""What a pack declares of sources, tables, bindings and models: the law both rooms work by."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from haina.kernel.declaration import DatasetName, Declaration, Name, Title
from haina.security.access import Mask
from haina.standards.elements import ElementSpec

Cycle = Literal["realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "irregular"]
"""更新周期."""

Sharing = Literal["unconditional", "conditional", "none"]
"""共享属性 (政务数据共享条例 第十四条)."""

Placement = Literal["direct", "front", "file", "push"]
"""How an agency lets its data be had: 直连, 前置库, 文件报送, 推送."""

Footers = Literal["ask", "leave"]
"""What becomes of lines at the end that are no rows: 合计, 填表人, 备注."""

Overlap = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
    StringConstraints(pattern=r"^[1-9]\d{0,8}[smhd]?$"),
]
Window = Annotated[
    str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def _zoneless(text: str) -> str:
    """Times that say their zone are known without a format, and judged more strictly."""
    if "%z" in text.lower():
        raise ValueError("不用写带时区的格式,平台认得带时区的时间")
    return text


class ColumnSpec(Declaration):
    """A source column and the item it becomes in `std`.

    `optional`: the source may lack the column; it is then NULL.
    `same_as`: the column that holds the id number this birth date or sex must agree with.
    `refers`: `dataset.item` whose values this one must be among, `dataset` being in std or above.
    `date_format`: how this agency writes its dates (strptime, no zone), tried before the others.
    `codes`: this agency's own writing → the code, beside the code set's aliases.
    `grade`, `mask`: in place of the element's; for a column that no element is bound to.
    """

    item: Name
    title: Title
    element: Name | None = None
    required: bool = False
    optional: bool = False
    same_as: str | None = None
    refers: (
        Annotated[str, StringConstraints(pattern=r"^(std|base)\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
        | None
    ) = None
    codes: dict[str, str] = {}
    date_format: (
        Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,60}$"), AfterValidator(_zoneless)]
        | None
    ) = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    mask: Mask | None = None

    def guard(self, element: ElementSpec | None) -> tuple[int, Mask]:
        """Its grade, and its mask should that grade be masked."""
        grade = element.grade if element else 1
        mask = element.mask if element else Mask.NONE
        return self.grade or grade, mask if self.mask is None else self.mask


class RuleSpec(Declaration):
    """A rule by hand: `expr` is SQL over the items of one row, true where the row is right."""

    name: Name
    title: Title
    expr: str
    dimension: Literal["规范性", "完整性", "准确性", "一致性", "时效性", "可访问性"] = "一致性"
    strong: bool = False


class TableSpec(Declaration):
    """A table of a source: it becomes `ods.<name>`, `std.<name>` and a draft catalogue entry.

    `mode`: how the source is read — full; incremental (above the watermark, less `overlap`: a span
    of time such as 2d, or a number); compare (full, then keyed difference into insertions, updates
    and deletions). `write`: what becomes of what lies in the lake; left out, full replaces and
    incremental upserts. `slice_by`: a key column by which a large table is read in slices of
    `slice_rows`, which resume where they stopped. `drift`: what happens when the source changes
    its columns. `bad_share`: the part of bad rows beyond which a load is refused. `files`: which
    delivered files are of this table (default: those whose name starts with `from`). `footers`:
    the lines at the end of a sheet that are no rows are set aside each time until someone decides
    (ask), or are known to be none (leave): still counted and kept to be looked at, never waiting.
    """

    name: Name
    from_: str = Field(alias="from", min_length=1)
    title: Title
    summary: str = ""
    key: tuple[str, ...] = Field(min_length=1)
    mode: Literal["full", "incremental", "compare"] = "full"
    watermark: str | None = None
    overlap: Overlap | None = None
    write: Literal["replace", "upsert", "append"] | None = None
    slice_by: str | None = None
    slice_rows: Annotated[int, Field(ge=1_000, le=50_000_000)] = 500_000
    drift: Literal["evolve", "freeze"] = "evolve"
    bad_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    files: str | None = None
    footers: Footers = "ask"
    cycle: Cycle = "daily"
    due: TimeOfDay = "08:00"
    theme: str = ""
    sharing: Sharing = "conditional"
    sharing_basis: str = ""
    grade: Annotated[int, Field(ge=1, le=4)] = 2
    columns: dict[str, ColumnSpec] = Field(min_length=1)
    rules: tuple[RuleSpec, ...] = ()

    @model_validator(mode="after")
    def _columns_exist(self) -> "TableSpec":
        named = [*self.key, *(one for one in (self.watermark, self.slice_by) if one)]
        named += [column.same_as for column in self.columns.values() if column.same_as]
        lost = sorted(set(named) - set(self.columns))
        if lost:
            raise ValueError(f"引用了未声明的列:{'、'.join(lost)}")
        if self.mode == "incremental" and not self.watermark:
            raise ValueError("增量采集须写明 watermark(水位列)")
        return self

    @model_validator(mode="after")
    def _vital_columns_are_there(self) -> "TableSpec":
        vital = {*self.key, *(one for one in (self.watermark, self.slice_by) if one)}
        loose = sorted(name for name in vital if self.columns[name].optional)
        if loose:
            raise ValueError(f"主键、水位列、切片列不能是 optional:{'、'.join(loose)}")
        return self

    @model_validator(mode="after")
    def _way_is_one(self) -> "TableSpec":
        if self.mode == "incremental" and self.write == "replace":
            raise ValueError("增量采集不能写 write: replace,那会丢掉以前的行")
        if self.mode == "compare" and self.write not in (None, "upsert"):
            raise ValueError("比对采集(mode: compare)自己决定增、改、删,不必写 write")
        if self.overlap and self.mode != "incremental":
            raise ValueError("overlap(重叠)只用于增量采集")
        return self

    @model_validator(mode="after")
    def _items_differ(self) -> "TableSpec":
        items = [column.item for column in self.columns.values()]
        twice = sorted({item for item in items if items.count(item) > 1})
        if twice:
            raise ValueError(f"两列绑定到同一个信息项:{'、'.join(twice)}")
        if self.sharing == "none" and not self.sharing_basis:
            raise ValueError("不予共享须写明依据(政务数据共享条例第十五条):sharing_basis")
        return self

    @property
    def way(self) -> Literal["replace", "upsert", "append", "compare"]:
        """What becomes of the rows that lie in the lake already."""
        if self.mode == "compare":
            return "compare"
        return self.write or ("upsert" if self.mode == "incremental" else "replace")

    @property
    def ods(self) -> str:
        return f"ods.{self.name}"

    @property
    def std(self) -> str:
        return f"std.{self.name}"

    @property
    def key_items(self) -> tuple[str, ...]:
        return tuple(self.columns[column].item for column in self.key)


class SourceSpec(Declaration):
    """A system of an agency. `connection` is the block of its kind; a secret in it is written
    `${NAME}` and taken from the environment or asked for, never kept in a pack.

    `placement` is how the agency lets its data be had; left out, the kind says it. `inbox`: the
    files of the folder are deliveries, each a batch that is taken once. `statements`: the table of
    a front-end database in which the agency states its batches. `window` (HH:MM-HH:MM) and
    `rows_per_second` protect the source.
    """

    name: Name
    title: Title
    agency: Name
    kind: str
    connection: dict[str, Any]
    placement: Placement | None = None
    inbox: bool = False
    statements: str | None = None
    window: Window | None = None
    rows_per_second: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    schedule: str | None = None
    tables: tuple[TableSpec, ...] = Field(min_length=1)


class ModelItemSpec(Declaration):
    """An item that the SQL brings forth; what is not said is taken from where it comes from."""

    title: Title | None = None
    element: Name | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None


class ModelSpec(Declaration):
    """The front matter of models/<zone>/<name>.sql, its SQL and its place."""

    dataset: DatasetName
    title: Title
    summary: str = ""
    owner: Name
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    theme: str = ""
    key: tuple[Name, ...] = ()
    items: dict[Name, ModelItemSpec] = {}
    checks: tuple[RuleSpec, ...] = ()
    schedule: str | None = None
    sharing: Sharing = "conditional"
    sharing_basis: str = ""
    sql: str
    first_line: int = 1
