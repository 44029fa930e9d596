extension JSONCase {
  /// Texts that RFC 8259 forbids. Categories of JSONTestSuite: `n_`.
  static let invalid =
    parse(
      #"""
      array_1_true_without_comma | [2 false]
      array_a_invalid_utf8 | [b<E6>]
      array_colon_instead_of_comma | ["a": 2]
      array_comma_after_close | ["a"],
      array_comma_and_number | [,2]
      array_double_comma | [2,,3]
      array_double_extra_comma | ["y",,]
      array_extra_close | ["y"]]
      array_extra_comma | ["a",]
      array_incomplete | ["y"
      array_incomplete_invalid_value | [y
      array_inner_array_no_comma | [4[5]]
      array_invalid_utf8 | [<FE>]
      array_items_separated_by_semicolon | [2;3]
      array_just_comma | [,]
      array_just_minus | [-]
      array_missing_value | [   , "a"]
      array_newlines_unclosed | ["b",<0A>5<0A>,2,
      array_number_and_comma | [2,]
      array_number_and_several_commas | [2,,]
      array_spaces_vertical_tab_formfeed | ["<0B>b"\f]
      array_star_inside | [*]
      array_unclosed | ["a"
      array_unclosed_trailing_comma | [2,
      array_unclosed_with_new_lines | [2,<0A>2<0A>,2
      array_unclosed_with_object_inside | [{}
      incomplete_false | [fals]
      incomplete_null | [nul]
      incomplete_true | [tru]
      multidigit_number_then_00 | 321<00>
      number_++ | [++4321]
      number_+1 | [+2]
      number_+Inf | [+Inf]
      number_-01 | [-02]
      number_-1.0. | [-2.0.]
      number_-2. | [-3.]
      number_-NaN | [-NaN]
      number_.-1 | [.-2]
      number_.2e-3 | [.3e-4]
      number_0.1.2 | [0.2.3]
      number_0.3e+ | [0.4e+]
      number_0.3e | [0.4e]
      number_0.e1 | [0.e2]
      number_0_capital_E+ | [0E+]
      number_0_capital_E | [0E]
      number_0e+ | [0e+]
      number_0e | [0e]
      number_1.0e+ | [2.0e+]
      number_1.0e- | [2.0e-]
      number_1.0e | [2.0e]
      number_1_000 | [2 000.0]
      number_1eE2 | [2eE3]
      number_2.e+3 | [3.e+4]
      number_2.e-3 | [3.e-4]
      number_2.e3 | [3.e4]
      number_9.e+ | [8.e+]
      number_Inf | [Inf]
      number_U+FF11_fullwidth_digit_one | [<EF><BC><92>]
      number_expression | [2+3]
      number_hex_1_digit | [0x2]
      number_hex_2_digits | [0x43]
      number_invalid+- | [0e+-2]
      number_invalid-negative-real | [-321.321foo]
      number_invalid-utf-8-in-bigger-int | [321<E6>]
      number_invalid-utf-8-in-exponent | [2e2<E6>]
      number_invalid-utf-8-in-int | [1<E6>]
      number_minus_sign_with_trailing_garbage | [-bar]
      number_minus_space_1 | [- 2]
      number_neg_int_starting_with_zero | [-013]
      number_neg_real_without_int_part | [-.321]
      number_neg_with_garbage_at_end | [-2y]
      number_real_garbage_after_e | [2eb]
      number_real_with_invalid_utf8_after_e | [2e<E6>]
      number_real_without_fractional_part | [2.]
      number_starting_with_dot | [.321]
      number_with_alpha | [2.2b-]
      number_with_alpha_char | [2.7182818284b]
      number_with_leading_zero | [013]
      object_bad_value | ["y", truht]
      object_bracket_key | {[: "y"}
      object_comma_instead_of_colon | {"y", null}
      object_double_colon | {"y"::"c"}
      object_emoji | {<F0><9F><87><A8><F0><9F><87><AD>}
      object_garbage_at_end | {"b":"b" 321}
      object_key_with_single_quotes | {key: 'val'}
      object_lone_continuation_byte_in_key_and_trailing_comma | {"<BA>":"1",}
      object_missing_colon | {"b" c}
      object_missing_key | {:"c"}
      object_missing_semicolon | {"b" "c"}
      object_missing_value | {"b":
      object_no-colon | {"b"
      object_non_string_key | {2:2}
      object_non_string_key_but_huge_number_instead | {8888E8888:2}
      object_repeated_null_null | {null:null,null:null}
      object_several_trailing_commas | {"key":1,,,,,}
      object_single_quote | {'b':1}
      object_trailing_comma | {"key":1,}
      object_trailing_comment | {"b":"c"}/**/
      object_trailing_comment_open | {"b":"c"}/**//
      object_trailing_comment_slash_open | {"b":"c"}//
      object_trailing_comment_slash_open_incomplete | {"b":"c"}/
      object_two_commas_in_a_row | {"b":"c",,"d":"e"}
      object_unquoted_key | {b: "c"}
      object_unterminated-value | {"b":"b
      object_with_single_string | { "fgh" : "b", "c" }
      object_with_trailing_garbage | {"b":"c"}#
      single_space | <20>
      string_1_surrogate_then_escape | ["\uD801\"]
      string_1_surrogate_then_escape_u | ["\uD801\u"]
      string_1_surrogate_then_escape_u1 | ["\uD801\u2"]
      string_1_surrogate_then_escape_u1x | ["\uD801\u2y"]
      string_accentuated_char_no_quotes | [<C3><A8>]
      string_backslash_00 | ["\<00>"]
      string_escape_x | ["\x01"]
      string_escaped_backslash_bad | ["\\\"]
      string_escaped_ctrl_char_tab | ["\<09>"]
      string_escaped_emoji | ["\<F0><9F><8C><81>"]
      string_incomplete_escape | ["\"]
      string_incomplete_escaped_character | ["\u00B"]
      string_incomplete_surrogate | ["\uD835\uDd"]
      string_incomplete_surrogate_escape_invalid | ["\uD801\uD801\y"]
      string_invalid-utf-8-in-escape | ["\u<E6>"]
      string_invalid_backslash_esc | ["\b\c"]
      string_invalid_unicode_escape | ["\urrbb"]
      string_invalid_utf8_after_escape | ["\<E6>"]
      string_leading_uescaped_thinspace | [\u0021"fgh"]
      string_no_quotes_with_bad_escape | [\r]
      string_single_doublequote | "
      string_single_quote | ['single quotes']
      string_single_string_no_double_quotes | bcd
      string_start_escape_unclosed | ["\
      string_unescaped_ctrl_char | ["b<00>b"]
      string_unescaped_newline | ["old<0A>line"]
      string_unescaped_tab | ["<09>"]
      string_unicode_CapitalU | "\UB66E"
      string_with_trailing_garbage | ""y
      structure_U+2060_word_joined | [<E2><81><A0>]
      structure_UTF8_BOM_no_data | <EF><BB><BF>
      structure_angle_bracket_. | <3C>.>
      structure_angle_bracket_null | [<3C>null>]
      structure_array_trailing_garbage | [2]y
      structure_array_with_extra_array_close | [2]]
      structure_array_with_unclosed_string | ["bcd]
      structure_ascii-unicode-identifier | b<C3><A8>
      structure_capitalized_True | [False]
      structure_close_unopened_array | 2]
      structure_comma_instead_of_closing_brace | {"y": false,
      structure_double_array | [1][]
      structure_end_array | ]
      structure_incomplete_UTF8_BOM | <EF><BB>{}
      structure_lone-invalid-utf-8 | <E6>
      structure_lone-open-bracket | [
      structure_null-byte-outside-string | [<00>]
      structure_number_with_trailing_garbage | 3@
      structure_object_followed_by_closing_object | {"a":1}}
      structure_object_unclosed_no_value | {"a":
      structure_object_with_comment | {"b":/*comment*/"c"}
      structure_object_with_trailing_garbage | {"b": false} "y"
      structure_open_array_apostrophe | ['
      structure_open_array_comma | [,
      structure_open_array_object | [{"":[{"":
      structure_open_array_open_object | [{
      structure_open_array_open_string | ["b
      structure_open_array_string | ["b"
      structure_open_object | {
      structure_open_object_close_array | {]
      structure_open_object_comma | {,
      structure_open_object_open_array | {[
      structure_open_object_open_string | {"b
      structure_open_object_string_with_apostrophes | {'b'
      structure_open_open | ["\{["\{["\{["\{
      structure_single_eacute | <E9>
      structure_single_star | *
      structure_trailing_# | {"b":"c"}#{}
      structure_uescaped_LF_before_string | [\u000A"b"]
      structure_unclosed_array | [2
      structure_unclosed_array_partial_null | [ true, nul
      structure_unclosed_array_unfinished_false | [ false, tru
      structure_unclosed_array_unfinished_true | [ true, fals
      structure_unclosed_object | {"bcd":"bcd"
      structure_unicode-identifier | <C3><A8>
      structure_whitespace_U+2060_word_joiner | [ <E2><81><A0>]
      structure_whitespace_formfeed | [<0C>]
      """#) + [
      JSONCase(name: "structure_no_data", bytes: []),
      JSONCase(
        name: "structure_100000_opening_arrays",
        bytes: Array(repeating: UInt8(ascii: "["), count: 100_000)),
    ]
}
