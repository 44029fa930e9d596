extension JSONCase {
  /// Texts that RFC 8259 allows. Categories of JSONTestSuite: `y_`.
  static let valid = parse(
    #"""
    array_arraysWithSpaces | [ [ ]   ]
    array_empty-string | [""]
    array_empty | []
    array_ending_with_newline | ["b"]<0A>
    array_false | [false]
    array_heterogeneous | [null, 2, "3", {"c": [4]}]
    array_null | [null]
    array_with_1_and_newline | [2<0A>]
    array_with_leading_space | <20>[2]
    array_with_several_null | [2,null,null,null,3]
    array_with_trailing_space | [3]<20>
    number | [321e43]
    number_0e+1 | [0e+2]
    number_0e1 | [0e2]
    number_after_space | [ 7]
    number_double_close_to_zero | [-0.00000000000000000000000000000000000000000000000000000000000000000000000000007]
    number_int_with_exp | [30e2]
    number_minus_zero | [-0]
    number_negative_int | [-321]
    number_negative_one | [-1]
    number_negative_zero | {"a":-0}
    number_real_capital_e | [2E21]
    number_real_capital_e_neg_exp | [2E-3]
    number_real_capital_e_pos_exp | [2E+3]
    number_real_exponent | [321e54]
    number_real_fraction_exponent | [321.654e87]
    number_real_neg_exp | [2e-3]
    number_real_pos_exponent | [2e+3]
    number_simple_int | [321]
    number_simple_real | [321.654987]
    object | {"ab":"cd", "ef":"gh"}
    object_basic | {"ab":"cd"}
    object_duplicated_key | {"b":"c","b":"d"}
    object_duplicated_key_and_value | {"b":"c","b":"c"}
    object_empty | {}
    object_empty_key | {"":1}
    object_escaped_null_in_key | {"key\u0000two": 43}
    object_extreme_numbers | { "least": -2.0e+30, "most": 2.0e+30 }
    object_long_strings | {"a":[{"key": "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"}], "key": "nnnnnnnnnnnnnnnnnnnnnnnnnnnn"}
    object_simple | {"b":[]}
    object_string_unicode | {"name":"\u041b\u0435\u0432 \u0422" }
    object_with_newlines | {<0A>"b": "c"<0A>}
    string_1_2_3_bytes_UTF-8_sequences | ["\u0061\u012b\u12ac"]
    string_accepted_surrogate_pair | ["\uD802\udc38"]
    string_accepted_surrogate_pairs | ["\ud83d\ude3a\ud83d\udc8e"]
    string_allowed_escapes | ["\"\\\/\b\f\n\r\t"]
    string_backslash_and_u_escaped_zero | ["\\u0001"]
    string_backslash_doublequotes | ["\""]
    string_comments | ["x/*y*/z/*w//v"]
    string_double_escape_a | ["\\b"]
    string_double_escape_n | ["\\r"]
    string_escaped_control_character | ["\u0011"]
    string_escaped_noncharacter | ["\uFFFE"]
    string_in_array | ["fgh"]
    string_in_array_with_leading_space | [ "fgh"]
    string_last_surrogates_1_and_2 | ["\uDBFF\uDFFE"]
    string_nbsp_uescaped | ["old\u00A0line"]
    string_nonCharacterInUTF-8_U+10FFFF | ["<F4><8F><BF><BF>"]
    string_nonCharacterInUTF-8_U+FFFF | ["<EF><BF><BF>"]
    string_null_escape | ["\u0000"]
    string_one-byte-utf-8 | ["\u002d"]
    string_pi | ["<CF><80>"]
    string_reservedCharacterInUTF-8_U+1BFFF | ["<F0><9B><BF><BE>"]
    string_simple_ascii | ["fgh "]
    string_space | " "
    string_surrogates_U+1D11E_MUSICAL_SYMBOL_G_CLEF | ["\uD834\uDD1E"]
    string_three-byte-utf-8 | ["\u0822"]
    string_two-byte-utf-8 | ["\u0124"]
    string_u+2028_line_sep | ["<E2><80><A8>"]
    string_u+2029_par_sep | ["<E2><80><A9>"]
    string_uEscape | ["\u0062\u30af\u30EA\u30b8"]
    string_uescaped_newline | ["old\u000Aline"]
    string_unescaped_char_delete | ["<7F>"]
    string_unicode | ["\uA66E"]
    string_unicodeEscapedBackslash | ["\u005C"]
    string_unicode_2 | ["<E2><8D><82><E3><88><B4><E2><8D><83>"]
    string_unicode_U+10FFFE_nonchar | ["\uDBFF\uDFFE"]
    string_unicode_U+1FFFE_nonchar | ["\uD83F\uDFFE"]
    string_unicode_U+200B_ZERO_WIDTH_SPACE | ["\u200b"]
    string_unicode_U+2064_invisible_plus | ["\u2064x"]
    string_unicode_U+FDD0_nonchar | ["\uFDD0"]
    string_unicode_U+FFFE_nonchar | ["\uFFFE"]
    string_unicode_escaped_double_quote | ["\u0022"]
    string_utf8 | ["<E2><82><AC><F0><9D><84><9E>"]
    string_with_del_character | ["b<7F>b"]
    structure_lonely_false | false
    structure_lonely_int | 43
    structure_lonely_negative_real | -0.2
    structure_lonely_null | null
    structure_lonely_string | "fgh"
    structure_lonely_true | true
    structure_string_empty | ""
    structure_trailing_newline | ["b"]<0A>
    structure_true_in_array | [true]
    structure_whitespace_array | <20>[] <09><0D>
    """#)

  /// Texts that a parser may accept and this one accepts: numbers that no double holds, and halves
  /// of surrogate pairs, which Python writes. Categories of JSONTestSuite: `i_`.
  static let accepted =
    parse(
      #"""
      number_double_huge_neg_exp | [321.654e-987]
      number_huge_exp | [0.5e00779999999999999999999999999999999999999999999999999999]
      number_neg_int_huge_exp | [-2e+9999]
      number_pos_double_huge_exp | [2.5e+9999]
      number_real_neg_overflow | [-321321e100000]
      number_real_pos_overflow | [321321e100000]
      number_real_underflow | [321e-10000000]
      number_too_big_neg_int | [-321321321321321321321321321321]
      number_too_big_pos_int | [200000000000000000000]
      number_very_big_negative_int | [-337462374673276894279832749832423479823246327846]
      object_key_lone_2nd_surrogate | {"\uDFAB":1}
      string_1st_surrogate_but_2nd_missing | ["\uDADB"]
      string_1st_valid_surrogate_2nd_invalid | ["\uD889\u2345"]
      string_incomplete_surrogate_and_escape_valid | ["\uD801\r"]
      string_incomplete_surrogate_pair | ["\uDd1fb"]
      string_incomplete_surrogates_escape_valid | ["\uD801\uD801\r"]
      string_invalid_lonely_surrogate | ["\ud801"]
      string_invalid_surrogate | ["\ud801bcd"]
      string_inverted_surrogates_U+1D11E | ["\uDd1e\uD834"]
      string_lone_second_surrogate | ["\uDFAB"]
      """#) + [nested("structure_500_nested_arrays", 500)]

  /// Texts that a parser may accept and this one rejects: anything but UTF-8 without a byte order
  /// mark. Categories of JSONTestSuite: `i_`.
  static let rejected = parse(
    #"""
    string_UTF-16LE_with_BOM | <FF><FE>[<00>"<00><E8><00>"<00>]<00>
    string_UTF-8_invalid_sequence | ["<E6><97><A5><D1><88><FB>"]
    string_UTF8_surrogate_U+D800 | ["<ED><A0><80>"]
    string_invalid_utf-8 | ["<FE>"]
    string_iso_latin_1 | ["<E8>"]
    string_lone_utf8_continuation_byte | ["<82>"]
    string_not_in_unicode_range | ["<F4><BF><BF><BE>"]
    string_overlong_sequence_2_bytes | ["<C0><AE>"]
    string_overlong_sequence_6_bytes | ["<FC><83><BF><BF><BF><BE>"]
    string_overlong_sequence_6_bytes_null | ["<FC><80><80><80><80><80>"]
    string_truncated-utf-8 | ["<E0><FE>"]
    string_utf16BE_no_BOM | <00>[<00>"<00><E8><00>"<00>]
    string_utf16LE_no_BOM | [<00>"<00><E8><00>"<00>]<00>
    structure_UTF-8_BOM_empty_object | <EF><BB><BF>{}
    """#)

  /// Texts that RFC 8259 forbids and Python's `json.dumps` writes. Categories of JSONTestSuite:
  /// `n_`.
  static let python = parse(
    #"""
    number_NaN | [NaN]
    number_infinity | [Infinity]
    number_minus_infinity | [-Infinity]
    """#)
}
