"""Great Expectations over the same rows: as many of the twelve rules as it has expectations for.
Runs in the peers' environment."""

import json
import sys
import time

import great_expectations as gx
import pandas as pd
from great_expectations import expectations as gxe

_ID = r"^[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\d{3}[\dX]$"
_WIDE = "[\uff01-\uff5e\u3000]"


def main() -> None:
    """Seconds of one validation, the data already in memory."""
    frame = pd.read_parquet(sys.argv[1])
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("bench").add_dataframe_asset("bench")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(
        name="bench",
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(column="no"),
            gxe.ExpectColumnValuesToBeUnique(column="no"),
            gxe.ExpectColumnValueLengthsToBeBetween(column="id", min_value=15, max_value=18),
            gxe.ExpectColumnValuesToMatchRegex(column="id", regex=_ID),
            gxe.ExpectColumnValuesToBeInSet(column="sex", value_set=["1", "2"]),
            gxe.ExpectColumnValuesToMatchStrftimeFormat(column="birth", strftime_format="%Y-%m-%d"),
            *(
                gxe.ExpectColumnValuesToNotMatchRegex(column=name, regex=_WIDE)
                for name in ("id", "sex", "birth")
            ),
        ],
    )
    started = time.perf_counter()
    found = batch.validate(suite)
    seconds = time.perf_counter() - started
    failed = [one.expectation_config.type for one in found.results if not one.success]
    print(json.dumps({"seconds": round(seconds, 2), "failed": failed}))


if __name__ == "__main__":
    main()
