// SPDX-License-Identifier: MIT
#include "validate/pattern_property.h"

/* General_Category: the short name, which PCRE2 knows, and the long ones. */
static const struct {
    const char *short_name, *long_name, *other_name;
} categories[] = {
    {"C", "Other", NULL},
    {"Cc", "Control", "cntrl"},
    {"Cf", "Format", NULL},
    {"Cn", "Unassigned", NULL},
    {"Co", "Private_Use", NULL},
    {"Cs", "Surrogate", NULL},
    {"L", "Letter", NULL},
    {"LC", "Cased_Letter", NULL},
    {"Ll", "Lowercase_Letter", NULL},
    {"Lm", "Modifier_Letter", NULL},
    {"Lo", "Other_Letter", NULL},
    {"Lt", "Titlecase_Letter", NULL},
    {"Lu", "Uppercase_Letter", NULL},
    {"M", "Mark", "Combining_Mark"},
    {"Mc", "Spacing_Mark", NULL},
    {"Me", "Enclosing_Mark", NULL},
    {"Mn", "Nonspacing_Mark", NULL},
    {"N", "Number", NULL},
    {"Nd", "Decimal_Number", "digit"},
    {"Nl", "Letter_Number", NULL},
    {"No", "Other_Number", NULL},
    {"P", "Punctuation", "punct"},
    {"Pc", "Connector_Punctuation", NULL},
    {"Pd", "Dash_Punctuation", NULL},
    {"Pe", "Close_Punctuation", NULL},
    {"Pf", "Final_Punctuation", NULL},
    {"Pi", "Initial_Punctuation", NULL},
    {"Po", "Other_Punctuation", NULL},
    {"Ps", "Open_Punctuation", NULL},
    {"S", "Symbol", NULL},
    {"Sc", "Currency_Symbol", NULL},
    {"Sk", "Modifier_Symbol", NULL},
    {"Sm", "Math_Symbol", NULL},
    {"So", "Other_Symbol", NULL},
    {"Z", "Separator", NULL},
    {"Zl", "Line_Separator", NULL},
    {"Zp", "Paragraph_Separator", NULL},
    {"Zs", "Space_Separator", NULL},
};

/* Binary properties; PCRE2 knows the long name. */
static const struct {
    const char *short_name, *long_name;
} binaries[] = {
    {"ASCII", "ASCII"},
    {"AHex", "ASCII_Hex_Digit"},
    {"Alpha", "Alphabetic"},
    {"Any", "Any"},
    {"Bidi_C", "Bidi_Control"},
    {"Bidi_M", "Bidi_Mirrored"},
    {"CI", "Case_Ignorable"},
    {"Cased", "Cased"},
    {"CWCF", "Changes_When_Casefolded"},
    {"CWCM", "Changes_When_Casemapped"},
    {"CWKCF", "Changes_When_NFKC_Casefolded"},
    {"CWL", "Changes_When_Lowercased"},
    {"CWT", "Changes_When_Titlecased"},
    {"CWU", "Changes_When_Uppercased"},
    {"Dash", "Dash"},
    {"DI", "Default_Ignorable_Code_Point"},
    {"Dep", "Deprecated"},
    {"Dia", "Diacritic"},
    {"Emoji", "Emoji"},
    {"EComp", "Emoji_Component"},
    {"EMod", "Emoji_Modifier"},
    {"EBase", "Emoji_Modifier_Base"},
    {"EPres", "Emoji_Presentation"},
    {"ExtPict", "Extended_Pictographic"},
    {"Ext", "Extender"},
    {"Gr_Base", "Grapheme_Base"},
    {"Gr_Ext", "Grapheme_Extend"},
    {"Hex", "Hex_Digit"},
    {"IDSB", "IDS_Binary_Operator"},
    {"IDST", "IDS_Trinary_Operator"},
    {"IDC", "ID_Continue"},
    {"IDS", "ID_Start"},
    {"Ideo", "Ideographic"},
    {"Join_C", "Join_Control"},
    {"LOE", "Logical_Order_Exception"},
    {"Lower", "Lowercase"},
    {"Math", "Math"},
    {"NChar", "Noncharacter_Code_Point"},
    {"Pat_Syn", "Pattern_Syntax"},
    {"Pat_WS", "Pattern_White_Space"},
    {"QMark", "Quotation_Mark"},
    {"Radical", "Radical"},
    {"RI", "Regional_Indicator"},
    {"STerm", "Sentence_Terminal"},
    {"SD", "Soft_Dotted"},
    {"Term", "Terminal_Punctuation"},
    {"UIdeo", "Unified_Ideograph"},
    {"Upper", "Uppercase"},
    {"VS", "Variation_Selector"},
    {"space", "White_Space"},
    {"XIDC", "XID_Continue"},
    {"XIDS", "XID_Start"},
};

/* Scripts: the code of ISO 15924, which PCRE2 knows, and the name. Those of Unicode 15 and 16 are
 * names of ECMA-262 whether or not the installed PCRE2 has their tables. */
static const struct {
    const char *code, *name;
} scripts[] = {
    // clang-format off
    {"Adlm", "Adlam"}, {"Aghb", "Caucasian_Albanian"}, {"Ahom", "Ahom"}, {"Arab", "Arabic"},
    {"Armi", "Imperial_Aramaic"}, {"Armn", "Armenian"}, {"Avst", "Avestan"}, {"Bali", "Balinese"},
    {"Bamu", "Bamum"}, {"Bass", "Bassa_Vah"}, {"Batk", "Batak"}, {"Beng", "Bengali"},
    {"Bhks", "Bhaiksuki"}, {"Bopo", "Bopomofo"}, {"Brah", "Brahmi"}, {"Brai", "Braille"},
    {"Bugi", "Buginese"}, {"Buhd", "Buhid"}, {"Cakm", "Chakma"}, {"Cans", "Canadian_Aboriginal"},
    {"Cari", "Carian"}, {"Cham", "Cham"}, {"Cher", "Cherokee"}, {"Chrs", "Chorasmian"},
    {"Copt", "Coptic"}, {"Cpmn", "Cypro_Minoan"}, {"Cprt", "Cypriot"}, {"Cyrl", "Cyrillic"},
    {"Deva", "Devanagari"}, {"Diak", "Dives_Akuru"}, {"Dogr", "Dogra"}, {"Dsrt", "Deseret"},
    {"Dupl", "Duployan"}, {"Egyp", "Egyptian_Hieroglyphs"}, {"Elba", "Elbasan"},
    {"Elym", "Elymaic"}, {"Ethi", "Ethiopic"}, {"Gara", "Garay"}, {"Geor", "Georgian"},
    {"Glag", "Glagolitic"}, {"Gong", "Gunjala_Gondi"}, {"Gonm", "Masaram_Gondi"},
    {"Goth", "Gothic"}, {"Gran", "Grantha"}, {"Grek", "Greek"}, {"Gujr", "Gujarati"},
    {"Gukh", "Gurung_Khema"}, {"Guru", "Gurmukhi"}, {"Hang", "Hangul"}, {"Hani", "Han"},
    {"Hano", "Hanunoo"}, {"Hatr", "Hatran"}, {"Hebr", "Hebrew"}, {"Hira", "Hiragana"},
    {"Hluw", "Anatolian_Hieroglyphs"}, {"Hmng", "Pahawh_Hmong"},
    {"Hmnp", "Nyiakeng_Puachue_Hmong"}, {"Hung", "Old_Hungarian"}, {"Ital", "Old_Italic"},
    {"Java", "Javanese"}, {"Kali", "Kayah_Li"}, {"Kana", "Katakana"}, {"Kawi", "Kawi"},
    {"Khar", "Kharoshthi"}, {"Khmr", "Khmer"}, {"Khoj", "Khojki"},
    {"Kits", "Khitan_Small_Script"}, {"Knda", "Kannada"}, {"Krai", "Kirat_Rai"},
    {"Kthi", "Kaithi"}, {"Lana", "Tai_Tham"}, {"Laoo", "Lao"}, {"Latn", "Latin"},
    {"Lepc", "Lepcha"}, {"Limb", "Limbu"}, {"Lina", "Linear_A"}, {"Linb", "Linear_B"},
    {"Lisu", "Lisu"}, {"Lyci", "Lycian"}, {"Lydi", "Lydian"}, {"Mahj", "Mahajani"},
    {"Maka", "Makasar"}, {"Mand", "Mandaic"}, {"Mani", "Manichaean"}, {"Marc", "Marchen"},
    {"Medf", "Medefaidrin"}, {"Mend", "Mende_Kikakui"}, {"Merc", "Meroitic_Cursive"},
    {"Mero", "Meroitic_Hieroglyphs"}, {"Mlym", "Malayalam"}, {"Modi", "Modi"},
    {"Mong", "Mongolian"}, {"Mroo", "Mro"}, {"Mtei", "Meetei_Mayek"}, {"Mult", "Multani"},
    {"Mymr", "Myanmar"}, {"Nagm", "Nag_Mundari"}, {"Nand", "Nandinagari"},
    {"Narb", "Old_North_Arabian"}, {"Nbat", "Nabataean"}, {"Newa", "Newa"}, {"Nkoo", "Nko"},
    {"Nshu", "Nushu"}, {"Ogam", "Ogham"}, {"Olck", "Ol_Chiki"}, {"Onao", "Ol_Onal"},
    {"Orkh", "Old_Turkic"}, {"Orya", "Oriya"}, {"Osge", "Osage"}, {"Osma", "Osmanya"},
    {"Ougr", "Old_Uyghur"}, {"Palm", "Palmyrene"}, {"Pauc", "Pau_Cin_Hau"},
    {"Perm", "Old_Permic"}, {"Phag", "Phags_Pa"}, {"Phli", "Inscriptional_Pahlavi"},
    {"Phlp", "Psalter_Pahlavi"}, {"Phnx", "Phoenician"}, {"Plrd", "Miao"},
    {"Prti", "Inscriptional_Parthian"}, {"Rjng", "Rejang"}, {"Rohg", "Hanifi_Rohingya"},
    {"Runr", "Runic"}, {"Samr", "Samaritan"}, {"Sarb", "Old_South_Arabian"},
    {"Saur", "Saurashtra"}, {"Sgnw", "SignWriting"}, {"Shaw", "Shavian"}, {"Shrd", "Sharada"},
    {"Sidd", "Siddham"}, {"Sind", "Khudawadi"}, {"Sinh", "Sinhala"}, {"Sogd", "Sogdian"},
    {"Sogo", "Old_Sogdian"}, {"Sora", "Sora_Sompeng"}, {"Soyo", "Soyombo"}, {"Sund", "Sundanese"},
    {"Sunu", "Sunuwar"}, {"Sylo", "Syloti_Nagri"}, {"Syrc", "Syriac"}, {"Tagb", "Tagbanwa"},
    {"Takr", "Takri"}, {"Tale", "Tai_Le"}, {"Talu", "New_Tai_Lue"}, {"Taml", "Tamil"},
    {"Tang", "Tangut"}, {"Tavt", "Tai_Viet"}, {"Telu", "Telugu"}, {"Tfng", "Tifinagh"},
    {"Tglg", "Tagalog"}, {"Thaa", "Thaana"}, {"Thai", "Thai"}, {"Tibt", "Tibetan"},
    {"Tirh", "Tirhuta"}, {"Tnsa", "Tangsa"}, {"Todr", "Todhri"}, {"Toto", "Toto"},
    {"Tutg", "Tulu_Tigalari"}, {"Ugar", "Ugaritic"}, {"Vaii", "Vai"}, {"Vith", "Vithkuqi"},
    {"Wara", "Warang_Citi"}, {"Wcho", "Wancho"}, {"Xpeo", "Old_Persian"}, {"Xsux", "Cuneiform"},
    {"Yezi", "Yezidi"}, {"Yiii", "Yi"}, {"Zanb", "Zanabazar_Square"}, {"Zinh", "Inherited"},
    {"Zyyy", "Common"}, {"Zzzz", "Unknown"},
    // clang-format on
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool find_category(struct str name, struct property_meaning *meaning)
{
    for (size_t i = 0; i < COUNT(categories); i++) {
        if (!str_is(name, categories[i].short_name) && !str_is(name, categories[i].long_name) &&
            !(categories[i].other_name && str_is(name, categories[i].other_name)))
            continue;
        const char *in_pcre2 =
            str_is(name, "LC") || str_is(name, "Cased_Letter") ? "L&" : categories[i].short_name;
        *meaning = (struct property_meaning){"", in_pcre2, false};
        return true;
    }
    return false;
}

static bool find_binary(struct str name, struct property_meaning *meaning)
{
    if (str_is(name, "Assigned")) {
        *meaning = (struct property_meaning){"", "Cn", true};
        return true;
    }
    for (size_t i = 0; i < COUNT(binaries); i++) {
        if (!str_is(name, binaries[i].short_name) && !str_is(name, binaries[i].long_name))
            continue;
        *meaning = (struct property_meaning){"", binaries[i].long_name, false};
        return true;
    }
    return false;
}

static bool find_script(struct str name, const char *prefix, struct property_meaning *meaning)
{
    if (str_is(name, "Qaac"))
        name = STR("Coptic");
    if (str_is(name, "Qaai"))
        name = STR("Inherited");
    for (size_t i = 0; i < COUNT(scripts); i++) {
        if (!str_is(name, scripts[i].code) && !str_is(name, scripts[i].name))
            continue;
        *meaning = (struct property_meaning){prefix, scripts[i].code, false};
        return true;
    }
    return false;
}

bool pattern_property_find(struct str text, struct property_meaning *meaning)
{
    size_t equals = str_find(text, '=');
    if (equals == STR_NONE)
        return find_category(text, meaning) || find_binary(text, meaning);
    struct str property = str_slice(text, 0, equals);
    struct str value = str_slice(text, equals + 1, text.length);
    if (str_is(property, "General_Category") || str_is(property, "gc"))
        return find_category(value, meaning);
    if (str_is(property, "Script") || str_is(property, "sc"))
        return find_script(value, "sc:", meaning);
    if (str_is(property, "Script_Extensions") || str_is(property, "scx"))
        return find_script(value, "scx:", meaning);
    return false;
}
