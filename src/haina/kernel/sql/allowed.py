"""The allow-list: classes of the syntax tree, and names of functions that sqlglot has no class for.

Whatever is not here is refused. A name belongs here when it computes from its arguments alone and
reads nothing else: no files, no settings, no environment, no catalogue, no SQL in text.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRUCTURE = _words(
    """
    Select Union Except Intersect Subquery With CTE TableAlias Table Identifier Alias Aliases Column
    Star From Join Where Group GroupingSets Cube Rollup Having Qualify Order Ordered Limit Offset
    Distinct Tuple Values Unnest Lateral TableSample Window WindowSpec Filter WithinGroup
    IgnoreNulls RespectNulls Lambda Kwarg PropertyEQ Bracket Slice Dot Paren Interval IntervalSpan
    Var DataType DataTypeParam ColumnDef Literal Boolean Null Comprehension Escape
    JSONPath JSONPathKey JSONPathRoot JSONPathSubscript JSONPathSelector JSONPathSlice
    JSONPathWildcard JSONPathUnion
    Add Sub Mul Div IntDiv Mod Neg DPipe BitwiseAnd BitwiseOr BitwiseXor BitwiseNot
    BitwiseLeftShift BitwiseRightShift EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ Is In Between
    Like ILike SimilarTo Glob Not All Any AtTimeZone
    """
)

AGGREGATES = _words(
    """
    AnyValue ApproxDistinct ApproxQuantile ArgMax ArgMin ArrayAgg Avg BitwiseAndAgg BitwiseOrAgg
    BitwiseXorAgg Corr Count CountIf CovarPop CovarSamp First FirstValue GroupConcat
    JSONArrayAgg JSONObjectAgg Kurtosis Last LastValue LogicalAnd LogicalOr Max Median Min Mode
    PercentileCont PercentileDisc Quantile RegrAvgx RegrAvgy RegrCount RegrIntercept RegrR2
    RegrSlope RegrSxx RegrSxy RegrSyy Skewness Stddev StddevPop StddevSamp Sum Variance VariancePop
    Grouping GroupingId
    """
)

WINDOWS = _words(
    """
    CumeDist DenseRank Lag Lead NthValue Ntile PercentRank Rank RowNumber
    """
)

SCALARS = _words(
    """
    Abs Acos Acosh And Array ArrayAll ArrayAny ArrayAppend ArrayConcat ArrayContains
    ArrayContainsAll ArrayDistinct ArrayExcept ArrayFilter ArrayFirst ArrayIntersect ArrayLast
    ArrayMax ArrayMin ArrayOverlaps ArrayPosition ArrayPrepend ArrayReverse ArraySize ArraySlice
    ArraySort ArraySum ArrayToString ArrayUniqueAgg Ascii Asin Asinh Atan Atan2 Atanh Base64Encode
    BitLength BitwiseCount Case Cast Cbrt Ceil Chr Coalesce Collate Concat ConcatWs Contains Cos
    Cosh CosineDistance Cot Coth CurrentDate CurrentTime CurrentTimestamp Date DateAdd DateBin
    DateDiff DateFromParts DateStrToDate DateSub DateToDateStr DateTrunc Datetime DatetimeAdd
    DatetimeDiff DatetimeSub DatetimeTrunc Day DayOfMonth DayOfWeek DayOfWeekIso DayOfYear Dayname
    Decode Degrees DotProduct Encode EndsWith EqualNull EuclideanDistance Exists Exp Explode Extract
    Factorial Flatten Floor Format FromBase64 GenerateDateArray GenerateSeries
    GenerateTimestampArray Getbit Greatest Hex Hour If IsInf IsNan JSONArray
    JSONArrayContains JSONCast JSONExists JSONExtract JSONExtractScalar JSONFormat JSONKeys
    JSONKeyValue
    JSONObject JSONType JSONValueArray JarowinklerSimilarity LastDay Least Left Length
    Levenshtein List Ln Localtime Localtimestamp Log Lower LowerHex MD5 MD5Digest MakeInterval Map
    MapFromEntries MapKeys MapSize Minute Month Monthname Nullif Nvl2 Or Overlay Pad ParseJSON Pi
    Pow Quarter Radians Rand Reduce RegexpCount RegexpExtract RegexpExtractAll RegexpFullMatch
    RegexpILike RegexpInstr RegexpLike RegexpReplace RegexpSplit Repeat Replace Reverse Right Round
    SHA SHA2 SafeDivide Second Sign Sin Sinh Space Split SplitPart Sqrt StartsWith StrPosition
    StrToDate StrToTime StrToUnix String StringToArray Struct StructExtract Substring Tan Tanh
    Time TimeAdd TimeDiff TimeFromParts TimeStrToDate TimeStrToTime TimeSub TimeToStr TimeToUnix
    TimeTrunc Timestamp TimestampAdd TimestampDiff TimestampFromParts TimestampSub TimestampTrunc
    ToArray ToBase64 ToDays ToMap Transform Translate Trim Trunc Try TryCast TsOrDsAdd TsOrDsDiff
    TsOrDsToDate TsOrDsToTime TsOrDsToTimestamp Typeof Unhex Unicode UnixDate UnixMicros UnixMillis
    UnixSeconds UnixToStr UnixToTime Upper Uuid VarMap Week WeekOfYear Xor Year YearOfWeek
    YearOfWeekIso
    """
)

NODES = STRUCTURE | AGGREGATES | WINDOWS | SCALARS | {"Anonymous", "AnonymousAggFunc"}

NAMED_AGGREGATES = _words(
    """
    approx_top_k arbitrary bool_and bool_or count_star entropy favg fsum geomean geometric_mean
    histogram kahan_sum kurtosis_pop listagg mad max_by min_by product quantile_disc
    reservoir_quantile sem string_agg sumkahan var_pop var_samp wavg weighted_avg fill
    json_group_array json_group_object
    """
)

NAMED_SCALARS = _words(
    """
    add age array_aggr array_aggregate array_apply array_cat array_cross_product array_distance
    array_extract array_filter array_grade_up array_has array_has_all array_has_any array_indexof
    array_inner_product array_length array_pop_back array_pop_front array_push_back
    array_push_front array_reduce array_resize array_reverse_sort array_select array_transform
    array_unique array_value array_where array_zip base64 bin bit_count bit_position bitstring
    cardinality century ceiling char_length character_length damerau_levenshtein date_part datepart
    datesub date_sub days_in_month decade divide editdist3 element_at epoch epoch_ms epoch_ns
    epoch_us equi_width_bins era even fdiv fmod format_bytes from_binary from_hex gamma gcd
    gen_random_uuid get_bit grade_up greatest_common_divisor hamming hash instr isfinite isodow
    isoyear jaccard jaro_similarity jaro_winkler_similarity json json_array_length json_contains
    json_extract_path json_extract_path_text json_extract_string json_merge_patch json_quote
    json_structure json_transform json_valid json_value julian lcase lcm least_common_multiple
    left_grapheme len length_grapheme lgamma list_aggr list_aggregate list_any_value list_append
    list_apply list_avg list_bit_and list_bit_or list_bit_xor list_bool_and list_bool_or list_cat
    list_concat list_contains list_count list_distance list_distinct list_element list_entropy
    list_extract list_filter list_first list_grade_up list_has list_has_all list_has_any
    list_histogram list_indexof list_intersect list_last list_max list_median list_min list_mode
    list_pack list_position list_prepend list_product list_reduce list_resize list_reverse
    list_reverse_sort list_select list_skewness list_slice list_sort list_stddev_pop
    list_stddev_samp list_string_agg list_sum list_transform list_unique list_value list_var_pop
    list_var_samp list_where list_zip log10 log2 make_time make_timestamp make_timestamp_ms
    make_timestamp_ns make_timestamptz map_concat map_contains map_contains_entry
    map_contains_value map_entries map_extract map_extract_value map_values microsecond
    millennium millisecond md5_number mismatches
    mod multiply nanosecond nextafter nfc_normalize now
    octet_length ord parse_dirname parse_filename parse_formatted_bytes power prefix printf random
    range regexp_escape regexp_full_match regexp_matches regexp_split_to_array replace_type
    right_grapheme round_even roundbankers row row_to_json set_bit sha1 sha256 signbit
    split str_split str_split_regex strftime string_split string_split_regex strip_accents strlen
    strptime struct_concat struct_extract_at struct_insert struct_keys struct_pack struct_values
    substring_grapheme subtract suffix time_bucket timezone timezone_hour timezone_minute to_base
    to_binary to_centuries to_days to_decades to_hex to_hours to_json to_microseconds to_millennia
    to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years
    today transaction_timestamp try_strptime ucase unbin union_extract union_tag union_value
    url_decode url_encode uuidv4 uuidv7 weekday weekofyear yearweek
    """
)

NAMED = NAMED_AGGREGATES | NAMED_SCALARS

# Table functions: rows out of their arguments alone.
TABLE_FUNCTIONS = frozenset({"GenerateSeries", "Unnest"})

# What a node may carry. A class that is absent may carry anything whose nodes are allowed.
ARGUMENTS = {
    "Select": _words(
        """
        with_ expressions distinct from_ joins laterals where group having qualify windows order
        limit offset sample
        """
    ),
    "Table": frozenset({"this", "db", "alias", "joins", "laterals", "sample"}),
    "Subquery": frozenset({"this", "alias", "with_", "joins", "laterals", "sample", "order"})
    | {"limit", "offset"},
    "Join": frozenset({"this", "on", "using", "side", "kind", "method"}),
    "With": frozenset({"expressions", "recursive"}),
    "CTE": frozenset({"this", "alias", "materialized"}),
    "Column": frozenset({"this", "table", "db"}),
    "Star": frozenset({"except_", "replace", "rename"}),
    "Identifier": frozenset({"this", "quoted"}),
    "Lateral": frozenset({"this", "alias", "view", "outer", "ordinality"}),
    "Alias": frozenset({"this", "alias"}),
}
JOIN_METHODS = frozenset({"", "ASOF"})
ROOTS = frozenset({"Select", "Union", "Except", "Intersect"})
